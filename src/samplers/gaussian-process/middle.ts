import type { Columns } from './inputs.ts'
import type { Surface } from './surface.ts'

/**
 * How strong the belief is, in trials. By measurement, of the regrets without it, on geometric average over the problems like
 * tuning, three that nothing was chosen by and three public ones, each with its optimum at three or four places (12 to 24 runs):
 * 0.83, 0.64, 0.49, 0.49 after 20 trials with 3, 10, 30, 100. With optima so far from the middle that many are at an end (8 runs),
 * 30 left 0.73, and 0.62 after 30 trials.
 */
const STRENGTH = 30

/**
 * The logarithm of a belief that what is best is nearer to the middle of each range than to its ends, -Σ (2u - 1)², with a weight
 * that falls as trials become known: πBO (Hvarfner, Stoll, Souza, Lindauer, Hutter and Nardi, "πBO: Augmenting acquisition functions
 * with user beliefs for Bayesian optimization", arXiv 2204.11051, eq. 6). It is that of whoever chose the range; and a process is
 * least sure at the ends, so that without it most of the first suggestions go there.
 * Of options and inactive columns it says nothing.
 * @param known trials that the process has seen
 */
export function middleSurface({ isOption }: Pick<Columns, 'isOption'>, known: number): Surface {
  const weight = STRENGTH / Math.max(1, known)

  function evaluateAt(rows: Float64Array, at: number, gradient?: Float64Array): number {
    let sum = 0
    for (let k = 0; k < isOption.length; k++) {
      if (isOption[k]) continue
      const off = 2 * (rows[at + k] ?? 0) - 1
      sum -= weight * off * off
      if (gradient) gradient[k] = (gradient[k] ?? 0) - 4 * weight * off
    }
    return sum
  }

  return {
    size: 0,
    evaluate: (row, gradient) => evaluateAt(row, 0, gradient),
    evaluateEach: (rows, count) =>
      Float64Array.from({ length: count }, (_, i) => evaluateAt(rows, i * isOption.length)),
  }
}
