import { factorize, inverse, logDeterminant, solveLower, solveUpper, triangleSize } from '../../numerics/cholesky.ts'
import { dot } from '../../numerics/dots.ts'
import { decay } from './decay.ts'
import { squaredDistance } from './inputs.ts'
import type { Kernel } from './kernel.ts'
import { bend, spreadOf, type Warp } from './warp.ts'

/** Noise is at least this part of the variance of what is modelled: problems without noise are won by digits. */
export const LEAST_NOISE = 1e-10

/** A normal prior of the logarithm of one hyperparameter, and the interval that it is looked for in. */
export interface Prior {
  readonly mean: number
  readonly deviation: number
  readonly low: number
  readonly high: number
}

/** Everything that is fitted. */
export interface Model {
  readonly kernel: Kernel
  /** Variance of the noise, in units of the warped values, whose variance is 1. */
  readonly noise: number
  readonly warp: Warp
}

/** Where each hyperparameter is among the logarithms: weights of the joint part, of the single ones, then these. */
export function layout(d: number) {
  return {
    joint: 0,
    single: d,
    all: 2 * d,
    main: 2 * d + 1,
    pairs: 2 * d + 2,
    noise: 2 * d + 3,
    bend: 2 * d + 4,
    count: 2 * d + 5,
  }
}

export interface Likelihood {
  /** The value at the logarithms of the hyperparameters; fills the gradient. */
  evaluate(theta: Float64Array, gradient: Float64Array): number
  model(theta: Float64Array): Model
}

/**
 * The logarithm of the posterior density of hyperparameters, negated, up to a constant, with its gradient: the marginal
 * likelihood (Rasmussen and Williams, eq. 5.8 and 5.9) of the warped values, the Jacobian of the warp, and the priors.
 * @param rows one number a column, row by row
 */
export function createLikelihood(
  isOption: readonly boolean[],
  rows: Float64Array,
  y: Float64Array,
  priors: readonly Prior[],
): Likelihood {
  const d = isOption.length
  const n = y.length
  const at = layout(d)
  const { least, spread } = spreadOf(y)
  const distances = distancesOf(isOption, rows, n)
  const pairScale = d > 1 ? 2 / (d * (d - 1)) : 0
  const matrix = new Float64Array(triangleSize(n))
  // Of each pair: the slope of the joint part, the three parts, then value and slope of each single one.
  const width = 2 * d + 4
  const parts = new Float64Array(((n * (n - 1)) / 2) * width)
  const z = new Float64Array(n)
  const dz = new Float64Array(n)
  const weights = new Float64Array(2 * d)

  function evaluate(theta: Float64Array, gradient: Float64Array): number {
    for (let k = 0; k < 2 * d; k++) weights[k] = Math.exp(theta[k] ?? 0)
    const { all, main, pairs, noise, c } = amplitudes(theta)
    const { logJacobian, slope } = bend(y, least, c, z, dz)
    fill(all, main, pairs, noise)
    const factor = factorize(matrix, n)
    if (!factor) return Number.POSITIVE_INFINITY
    const alpha = solveLower(factor, z.slice())
    let value = (dot(alpha, 0, alpha, 0, 0, n) + logDeterminant(factor)) / 2 - logJacobian
    solveUpper(factor, alpha)
    collect(gradient.fill(0), inverse(factor), alpha, all, main, pairs, noise)
    gradient[at.bend] = dot(alpha, 0, dz, 0, 0, n) - slope
    for (let k = 0; k < at.count; k++) {
      const { mean, deviation } = priors[k] ?? { mean: 0, deviation: 1 }
      const off = ((theta[k] ?? 0) - mean) / deviation
      value += (off * off) / 2
      gradient[k] = (gradient[k] ?? 0) + off / deviation
    }
    return value
  }

  function amplitudes(theta: Float64Array) {
    return {
      all: Math.exp(theta[at.all] ?? 0),
      main: Math.exp(theta[at.main] ?? 0),
      // Of two columns the one product is much like the joint part.
      pairs: d > 2 ? Math.exp(theta[at.pairs] ?? 0) : 0,
      noise: Math.exp(theta[at.noise] ?? 0),
      c: spread * Math.exp(theta[at.bend] ?? 0),
    }
  }

  function fill(all: number, main: number, pairs: number, noise: number): void {
    const diagonal = (all + main + pairs) * (1 + LEAST_NOISE) + noise
    let pair = 0
    let cell = 0
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const from = pair * width
        let squared = 0
        let sum = 0
        let squares = 0
        for (let k = 0; k < d; k++) {
          const t = distances[pair * d + k] ?? 0
          squared += (weights[k] ?? 0) * t
          const s = (weights[d + k] ?? 0) * t
          let m = 1
          let slope = 0
          if (s > 0) {
            const r = Math.sqrt(5 * s)
            const e = decay(r)
            m = (1 + r + (r * r) / 3) * e
            slope = (-5 / 6) * (1 + r) * e * s
          }
          parts[from + 4 + k] = m
          parts[from + 4 + d + k] = slope
          sum += m
          squares += m * m
        }
        const r = Math.sqrt(5 * squared)
        const e = decay(r)
        const joint = (1 + r + (r * r) / 3) * e
        const products = ((sum * sum - squares) / 2) * pairScale
        parts[from] = (-5 / 6) * (1 + r) * e
        parts[from + 1] = joint
        parts[from + 2] = sum / d
        parts[from + 3] = products
        matrix[cell++] = all * joint + (main * sum) / d + pairs * products
      }
      matrix[cell++] = diagonal
    }
  }

  /** Half the trace of (K⁻¹ - α αᵀ) ∂K, by each hyperparameter. */
  function collect(
    gradient: Float64Array,
    inverted: Float64Array,
    alpha: Float64Array,
    all: number,
    main: number,
    pairs: number,
    noise: number,
  ): void {
    let pair = 0
    let cell = 0
    let byAll = 0
    let byMain = 0
    let byPairs = 0
    let trace = 0
    for (let i = 0; i < n; i++) {
      const a = alpha[i] ?? 0
      for (let j = 0; j < i; j++, pair++) {
        const g = (inverted[cell++] ?? 0) - a * (alpha[j] ?? 0)
        const from = pair * width
        byAll += g * (parts[from + 1] ?? 0)
        const mean = parts[from + 2] ?? 0
        byMain += g * mean
        byPairs += g * (parts[from + 3] ?? 0)
        const joint = g * all * (parts[from] ?? 0)
        const single = (g * main) / d
        const product = g * pairs * pairScale
        for (let k = 0; k < d; k++) {
          gradient[k] = (gradient[k] ?? 0) + joint * (distances[pair * d + k] ?? 0)
          const others = mean * d - (parts[from + 4 + k] ?? 0)
          gradient[d + k] = (gradient[d + k] ?? 0) + (single + product * others) * (parts[from + 4 + d + k] ?? 0)
        }
      }
      trace += ((inverted[cell++] ?? 0) - a * a) / 2
    }
    for (let k = 0; k < d; k++) gradient[k] = (gradient[k] ?? 0) * (weights[k] ?? 0)
    const diagonal = trace * (1 + LEAST_NOISE)
    gradient[at.all] = all * (byAll + diagonal)
    gradient[at.main] = main * (byMain + diagonal)
    gradient[at.pairs] = pairs * (byPairs + diagonal)
    gradient[at.noise] = noise * trace
  }

  function model(theta: Float64Array): Model {
    const { all, main, pairs, noise, c } = amplitudes(theta)
    const kernel = {
      joint: theta.slice(0, d).map(Math.exp),
      single: theta.slice(d, 2 * d).map(Math.exp),
      all,
      main,
      pairs,
    }
    return { kernel, noise: noise + LEAST_NOISE * (all + main + pairs), warp: bend(y, least, c, z, dz).warp }
  }

  return { evaluate, model }
}

/** Squared distances of each pair (i, j < i) by column. */
function distancesOf(isOption: readonly boolean[], rows: Float64Array, n: number): Float64Array {
  const d = isOption.length
  const distances = new Float64Array(((n * (n - 1)) / 2) * d)
  let at = 0
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      for (let k = 0; k < d; k++) {
        distances[at++] = squaredDistance(isOption[k] ?? false, rows[i * d + k] ?? 0, rows[j * d + k] ?? 0)
      }
    }
  }
  return distances
}
