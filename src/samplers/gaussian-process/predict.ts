import { solveLower } from '../../numerics/cholesky.ts'
import { dot } from '../../numerics/dots.ts'
import { kernelRow, variance } from './kernel.ts'
import type { Posterior } from './posterior.ts'

/** What a process, without noise, is expected to be at a row, and how sure that is. */
export interface Prediction {
  readonly mean: number
  readonly deviation: number
}

/** The function of a row that predicts there. `white` is L⁻¹ z; rows of the posterior beyond it count for the deviation. */
export function predictor(posterior: Posterior, white: Float64Array): (row: Float64Array) => Prediction {
  const { kernel, isOption, rows, count, factor } = posterior
  const row = kernelRow(kernel, isOption, rows, count)
  const v = new Float64Array(count)
  return (x) => {
    row.fill(x, v, count)
    solveLower(factor, v)
    const left = variance(kernel) - dot(v, 0, v, 0, 0, count)
    return { mean: dot(v, 0, white, 0, 0, white.length), deviation: Math.sqrt(Math.max(0, left)) }
  }
}
