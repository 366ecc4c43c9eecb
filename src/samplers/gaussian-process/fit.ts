import { minimize } from '../../numerics/l-bfgs.ts'
import { createLikelihood, LEAST_NOISE, layout, type Model, type Prior } from './likelihood.ts'

/**
 * Normal priors of the logarithms of the hyperparameters for d columns. Of the part of all columns at once, squared length
 * scales grow with d as the squared distances of random points do (Hvarfner, Hellsten and Nardi, "Vanilla Bayesian
 * optimization performs great in high dimensions", arXiv 2402.02229, section 4); those of the main effects do not.
 *
 * Their middles and widths are by measurement (80 trials, 4 to 8 seeds, on the public problems, mixhpo8 and nine others). Joint
 * weights around e / d, a length of 0.6 √d, left two thirds or less of the median regret of lengths around 1.6 √d on Rastrigin,
 * Zakharov and rotated Ackley, Levy and Rosenbrock functions, more on a rotated ellipsoid, and no run in a wrong category of
 * mixhpo8 where there had been half of them. Single ones around e^2.5, a length of 0.29, left a third, half and a tenth of what
 * 0.47 did on Levy, Rosenbrock and Zakharov.
 */
function priorsOf(d: number): Prior[] {
  const at = layout(d)
  const priors: Prior[] = []
  for (let k = 0; k < d; k++) {
    priors[at.joint + k] = { mean: 1 - Math.log(d), deviation: 1, low: -9, high: 8 }
    priors[at.single + k] = { mean: 2.5, deviation: 1, low: -9, high: 8 }
  }
  priors[at.all] = { mean: -1, deviation: 2, low: -12, high: 8 }
  priors[at.main] = { mean: -1, deviation: 2, low: -12, high: 8 }
  priors[at.pairs] = { mean: -2, deviation: 2, low: -12, high: 8 }
  priors[at.noise] = { mean: Math.log(1e-5), deviation: 4, low: Math.log(LEAST_NOISE), high: 1 }
  priors[at.bend] = { mean: 4, deviation: 1, low: -7, high: 7 }
  return priors
}

/**
 * Where the search for the noise begins: from below, it ends where every value is explained by short length scales, noisy or
 * not; from here it falls as far as the values tell.
 */
const FIRST_NOISE = 0.1

/** What is modelled: a metric, or whether something happened, as 0 or 1. */
export type Kind = 'values' | 'labels'

/**
 * The priors for labels, with bounds: left free, an edge is explained by length scales that are so short, or noise that is so
 * large, that trials far beyond it say nothing about their neighbourhood (measured: 18 of 20 trials were sent there).
 */
function labelPriorsOf(d: number): Prior[] {
  const at = layout(d)
  const priors = priorsOf(d)
  for (let k = 0; k < d; k++) {
    priors[at.joint + k] = { mean: -Math.log(d), deviation: 1, low: -9, high: 1 - Math.log(d) }
    priors[at.single + k] = { mean: 1, deviation: 1, low: -9, high: 2 }
  }
  for (const k of [at.all, at.main, at.pairs]) priors[k] = { mean: -1, deviation: 1, low: -12, high: -0.7 }
  const noise = Math.log(0.01)
  priors[at.noise] = { mean: noise, deviation: 1, low: noise, high: noise }
  return priors
}

/**
 * The hyperparameters of the highest posterior density, uphill from the middle of the priors. It is found to two digits, in some 20
 * evaluations; more changed no suggestion for the better.
 * @param rows one number a column, row by row
 */
export function fitModel(
  isOption: readonly boolean[],
  rows: Float64Array,
  y: Float64Array,
  kind: Kind = 'values',
): Model {
  const priors = kind === 'labels' ? labelPriorsOf(isOption.length) : priorsOf(isOption.length)
  const { noise } = layout(isOption.length)
  const likelihood = createLikelihood(isOption, rows, y, priors)
  const start = priors.map(({ mean }) => mean)
  if (kind === 'values') start[noise] = Math.log(FIRST_NOISE)
  const { x } = minimize(likelihood.evaluate, start, {
    lower: priors.map(({ low }) => low),
    upper: priors.map(({ high }) => high),
    maxIterations: 50,
    gradientTolerance: 1e-3,
    functionTolerance: 3e-5,
  })
  return likelihood.model(x)
}
