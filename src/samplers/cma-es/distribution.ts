import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { Random } from '../../numerics/random.ts'
import type { Axis, Point } from '../axes.ts'

/**
 * Where the next trials are drawn from: numbers from the normal distribution N(m, σ² A C A), options from shares of their own
 * (CMA-ES with margin, arXiv:2205.13482; CatCMA, arXiv:2405.09962). Vectors have a coordinate for
 * each number axis, in their order. Immutable.
 */
export interface Distribution {
  readonly mean: Float64Array
  /** σ, in units of the axes' length. */
  readonly step: number
  /** C, row by row. */
  readonly covariance: Float64Array
  /** Eigenvectors of C, as columns, and the square roots of its eigenvalues. */
  readonly directions: Float64Array
  readonly lengths: Float64Array
  /** The diagonal of A: what keeps a coarse axis from falling asleep. */
  readonly stretch: Float64Array
  /** Evolution paths, p_σ and p_c. */
  readonly stepPath: Float64Array
  readonly covariancePath: Float64Array
  /** For each unordered axis the chance of each option. */
  readonly shares: readonly Float64Array[]
  /** How often it has been updated. */
  readonly age: number
}

export interface Layout {
  readonly axes: readonly Axis[]
  /** Dimensions of the axes that are numbers, and of those that are options. */
  readonly numbers: readonly number[]
  readonly options: readonly number[]
}

export function layoutOf(axes: readonly Axis[]): Layout {
  const isOption = (dimension: number) => axes[dimension]?.kind === 'unordered'
  const dimensions = [...axes.keys()]
  return { axes, numbers: dimensions.filter((k) => !isOption(k)), options: dimensions.filter(isOption) }
}

/** A sphere around a point; options that the point has not are all alike. */
export function sphere({ axes, numbers, options }: Layout, centre: Point, step: number): Distribution {
  const n = numbers.length
  const identity = new Float64Array(n * n)
  for (let i = 0; i < n; i++) identity[i * n + i] = 1
  return {
    mean: Float64Array.from(numbers, (k) => orElse(centre[k], 0.5)),
    step,
    covariance: identity,
    directions: identity,
    lengths: new Float64Array(n).fill(1),
    stretch: new Float64Array(n).fill(1),
    stepPath: new Float64Array(n),
    covariancePath: new Float64Array(n),
    shares: options.map((k) => {
      const size = axes[k]?.size ?? 1
      // What the point has counts as much as all others together.
      const chosen = centre[k] ?? Number.NaN
      const shares = new Float64Array(size).fill(Number.isNaN(chosen) || size < 2 ? 1 / size : 0.5 / (size - 1))
      if (!Number.isNaN(chosen) && size > 1) shares[chosen] = 0.5
      return shares
    }),
    age: 0,
  }
}

/** One point from the distribution, every axis filled in. */
export function drawFrom(distribution: Distribution, { axes, numbers, options }: Layout, random: Random): Point {
  const point = new Float64Array(axes.length)
  const z = distribution.lengths.map((length) => length * random.normal())
  const y = transform(distribution.directions, z)
  numbers.forEach((k, i) => {
    const x = (distribution.mean[i] ?? 0.5) + distribution.step * (distribution.stretch[i] ?? 1) * (y[i] ?? 0)
    point[k] = Math.min(1, Math.max(0, x))
  })
  options.forEach((k, i) => {
    let left = random.next()
    const found = distribution.shares[i]?.findIndex((share) => {
      left -= share
      return left < 0
    })
    point[k] = found === undefined || found < 0 ? (axes[k]?.size ?? 1) - 1 : found
  })
  return point
}

/** The standard deviation of each coordinate. */
export function deviations({ covariance, stretch, step }: Distribution): Float64Array {
  const n = stretch.length
  return stretch.map((a, i) => step * a * Math.sqrt(covariance[i * n + i] ?? 1))
}

/** C = B D² Bᵀ, with D no smaller than keeps it positive definite. */
export function decompose(covariance: Float64Array, n: number): Pick<Distribution, 'directions' | 'lengths'> {
  if (n === 0) return { directions: new Float64Array(0), lengths: new Float64Array(0) }
  const matrix = Matrix.from1DArray(n, n, covariance)
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true })
  const floor = 1e-14 * realEigenvalues.reduce((most, value) => Math.max(most, value), 1e-300)
  return {
    directions: Float64Array.from(eigenvectorMatrix.to1DArray()),
    lengths: Float64Array.from(realEigenvalues, (value) => Math.sqrt(Math.max(floor, value))),
  }
}

/** B z. */
export function transform(directions: Float64Array, z: Float64Array): Float64Array {
  const n = z.length
  return z.map((_, i) => {
    let sum = 0
    for (let k = 0; k < n; k++) sum += (directions[i * n + k] ?? 0) * (z[k] ?? 0)
    return sum
  })
}

/** C^(-1/2) y = B D⁻¹ Bᵀ y. */
export function whiten(
  { directions, lengths }: Pick<Distribution, 'directions' | 'lengths'>,
  y: Float64Array,
): Float64Array {
  const n = y.length
  const z = lengths.map((length, k) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += (directions[i * n + k] ?? 0) * (y[i] ?? 0)
    return sum / length
  })
  return transform(directions, z)
}

function orElse(value: number | undefined, other: number): number {
  return value === undefined || Number.isNaN(value) ? other : value
}
