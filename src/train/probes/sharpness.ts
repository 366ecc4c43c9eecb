import type { Tensor } from '@tensorflow/tfjs-core'
import { largestEigenvalue } from '../../numerics/tridiagonal.ts'
import { uploadDataset } from '../data/batch.ts'
import { gradientsOf } from '../gradients.ts'
import { sample } from '../loop/sample.ts'
import { isTrained } from '../parameter.ts'
import { checkCount } from './check.ts'
import { hessianProduct, lanczos, type Parts } from './lanczos.ts'
import type { Probe } from './probe.ts'

export interface SharpnessConfig {
  /** Rows of the training set that the loss is of: the same at every evaluation. Default 256. */
  readonly rows?: number
  /** Products of the Hessian with a vector, each of which takes two gradients. Default 20. */
  readonly iterations?: number
}

/**
 * The largest eigenvalue of the Hessian of the loss, without dropout, at evaluations: gradient descent is stable up to a
 * learning rate of 2 / sharpness. Reports `sharpness`. By Lanczos' method, which finds the largest rather than the one
 * farthest from 0, with fewer products of the Hessian than power iteration takes (Ghorbani, Krishnan and Xiao, ICML 2019).
 * Nothing is read from the device before the end.
 */
export function sharpness({ rows = 256, iterations = 20 }: SharpnessConfig = {}): Probe {
  checkCount('sharpness.rows', rows)
  checkCount('sharpness.iterations', iterations)
  return {
    name: 'sharpness',
    start({ tf, model, task, data, random }) {
      const examples = uploadDataset(tf, sample(data, rows))
      const trained = model.parameters.map(isTrained)

      function gradientAt(params: readonly Tensor[], at: Parts): Tensor[] {
        let next = 0
        const all = params.map((tensor, i) => (trained[i] ? (at[next++] ?? tensor) : tensor))
        const { gradients, statistics } = gradientsOf(tf, model, task, all, examples)
        tf.dispose(statistics)
        return gradients
      }

      return {
        measure: ({ params }) => ({
          tensor: tf.tidy(() => {
            const at = params.filter((_, i) => trained[i])
            const numbers = random('direction')
            const start = at.map(({ shape, size }) =>
              tf.tensor(
                Float32Array.from({ length: size }, () => numbers.normal()),
                shape,
              ),
            )
            return lanczos(
              tf,
              hessianProduct(tf, (moved) => gradientAt(params, moved), at),
              start,
              iterations,
            )
          }),
          metrics(values) {
            const [diagonal, beside] = [[...values.subarray(0, iterations)], [...values.subarray(iterations)]]
            const end = beside.findIndex((value) => !(value > 0))
            const count = end < 0 ? iterations : end + 1
            return { sharpness: largestEigenvalue(diagonal.slice(0, count), beside.slice(0, count - 1)) }
          },
        }),
        dispose: () => tf.dispose([examples.inputs, examples.labels]),
      }
    },
  }
}
