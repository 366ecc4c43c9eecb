import { solveLower, solveLowerEach, solveUpper } from '../../numerics/cholesky.ts'
import { kernelRow } from './kernel.ts'
import type { Posterior } from './posterior.ts'

/** Something that is to be maximised over rows. */
export interface Surface {
  /** How many rows its process has seen: a value costs time in the square of it. */
  readonly size: number
  /** The value at a row; adds its gradient to `gradient` where one is given. */
  evaluate(row: Float64Array, gradient?: Float64Array): number
  /** The values at `count` rows, one behind the other. */
  evaluateEach(rows: Float64Array, count: number): Float64Array
}

/**
 * A function of what a process says at a row, of which everything is in v = L⁻¹ k: its mean is v · L⁻¹ z, its variance
 * k(x, x) - v · v.
 * @param score the function of v, which is in `v` from `at`; fills `slopes`, where it is given, with the derivatives by v
 */
export function surfaceOf(
  { kernel, isOption, rows, count: n, factor }: Posterior,
  score: (v: Float64Array, at: number, slopes?: Float64Array) => number,
): Surface {
  const d = isOption.length
  const row = kernelRow(kernel, isOption, rows, n)
  const v = new Float64Array(n)
  const slopes = new Float64Array(n)
  let block = new Float64Array(0)
  return {
    size: n,
    evaluate(x, gradient) {
      row.fill(x, v, n, gradient !== undefined)
      solveLower(factor, v)
      if (!gradient) return score(v, 0)
      const value = score(v, 0, slopes)
      row.contract(x, solveUpper(factor, slopes), n, gradient)
      return value
    },
    evaluateEach(xs, count) {
      const values = new Float64Array(count)
      if (block.length === 0) block = new Float64Array(BLOCK * n)
      for (let from = 0; from < count; from += BLOCK) {
        const many = Math.min(BLOCK, count - from)
        for (let i = 0; i < many; i++) {
          row.fill(xs.subarray((from + i) * d, (from + i + 1) * d), block.subarray(i * n, (i + 1) * n), n)
        }
        solveLowerEach(factor, block, many)
        for (let i = 0; i < many; i++) values[from + i] = score(block, i * n)
      }
      return values
    },
  }
}

/** Rows solved for together: a multiple of three, and no more than a cache holds. */
const BLOCK = 24

/** The sum of surfaces of the same rows. */
export function sumOf(surfaces: readonly Surface[]): Surface {
  return {
    size: Math.max(...surfaces.map(({ size }) => size)),
    evaluate: (row, gradient) => surfaces.reduce((sum, surface) => sum + surface.evaluate(row, gradient), 0),
    evaluateEach(rows, count) {
      const sums = new Float64Array(count)
      for (const surface of surfaces) {
        surface.evaluateEach(rows, count).forEach((value, i) => {
          sums[i] = (sums[i] ?? 0) + value
        })
      }
      return sums
    },
  }
}
