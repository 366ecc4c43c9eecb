import { append, type Cholesky, factorize, solveLower, solveUpper, triangleSize } from '../../numerics/cholesky.ts'
import { type Kernel, kernelRow, variance } from './kernel.ts'
import type { Model } from './likelihood.ts'

/** A process that was seen, with noise, at some rows. */
export interface Posterior {
  readonly kernel: Kernel
  readonly isOption: readonly boolean[]
  readonly noise: number
  readonly count: number
  /** One number a column, row by row; may have room for more. */
  readonly rows: Float64Array
  /** L with L Lᵀ = K + noise. */
  readonly factor: Cholesky
}

/** Of the first `count` rows, factorized at once. */
export function condition(
  isOption: readonly boolean[],
  { kernel, noise }: Pick<Model, 'kernel' | 'noise'>,
  rows: Float64Array,
  count: number,
): Posterior {
  const d = isOption.length
  const matrix = new Float64Array(triangleSize(count))
  const one = kernelRow(kernel, isOption, rows, count)
  for (let i = 0; i < count; i++) {
    const start = triangleSize(i)
    one.fill(rows.subarray(i * d, (i + 1) * d), matrix.subarray(start, start + i), i)
    matrix[start + i] = variance(kernel) + noise
  }
  const factor = factorize(matrix, count)
  if (factor) return { kernel, isOption, noise, count, rows: rows.slice(0, count * d), factor }
  // Rows all but equal: to working precision they need more noise.
  return condition(isOption, { kernel, noise: noise * 10 }, rows, count)
}

/** With one row more, in O(n²). Shares its memory with what it is made of, which stays what it was until another is added. */
export function extend(posterior: Posterior, row: Float64Array): Posterior {
  const { kernel, isOption, noise, count } = posterior
  const d = isOption.length
  let { rows } = posterior
  if (rows.length < (count + 1) * d) {
    rows = new Float64Array((count + 8 + (count >> 2)) * d)
    rows.set(posterior.rows.subarray(0, count * d))
  }
  rows.set(row, count * d)
  const next = new Float64Array(count + 1)
  kernelRow(kernel, isOption, rows, count).fill(row, next, count)
  next[count] = variance(kernel) + noise
  let factor = append(posterior.factor, next)
  // A row that others all but determine counts as a noisier one.
  for (let extra = 1e-8; !factor; extra *= 10) {
    next[count] = variance(kernel) * (1 + extra) + noise
    factor = append(posterior.factor, next)
  }
  return { kernel, isOption, noise, count: count + 1, rows, factor }
}

/** The mean of the process, without noise, at its own first rows: z - noise (K + noise)⁻¹ z. */
export function fittedMeans({ factor, noise }: Posterior, z: Float64Array, white: Float64Array): Float64Array {
  const weights = solveUpper(factor, white.slice())
  return z.map((value, i) => value - noise * (weights[i] ?? 0))
}

/** L⁻¹ z, from which means are v · L⁻¹ z with v = L⁻¹ k. */
export function whiten({ factor }: Posterior, z: Float64Array): Float64Array {
  return solveLower(factor, z.slice())
}
