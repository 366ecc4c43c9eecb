import type { Dataset } from '../../data/dataset.ts'
import { checkCount } from '../check.ts'
import type { QuadraticProblem } from './problem.ts'

/**
 * Examples for `quadratic` whose ξ have mean zero and covariance diag(c), to rounding: for each dimension √(dimensions · cᵢ)
 * and its negative there, and zero elsewhere. A batch whose rows are each drawn from all has gradients with the variances
 * c / batch size; one drawn without replacement from N rows has (N - batch size) / (N - 1) times that.
 * @param copies of each row, to have more rows than twice the dimensions
 */
export function quadraticDataset({ noise }: QuadraticProblem, copies = 1): Dataset {
  checkCount('quadraticDataset.copies', copies)
  const dimensions = noise.length
  const rows = 2 * dimensions * copies
  const values = new Float32Array(rows * dimensions)
  for (let row = 0; row < rows; row++) {
    const dimension = Math.floor(row / 2) % dimensions
    const size = Math.sqrt(dimensions * (noise[dimension] ?? 0))
    values[row * dimensions + dimension] = row % 2 === 0 ? size : -size
  }
  const labels = { values: new Float32Array(rows), shape: [] }
  return { rows, inputs: { features: { values, shape: [dimensions] } }, labels }
}
