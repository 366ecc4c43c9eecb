import type { Tensor } from '@tensorflow/tfjs-core'
import { uploadDataset } from '../data/batch.ts'
import { sample } from '../loop/sample.ts'
import { forward } from '../models/forward.ts'
import { checkCount } from './check.ts'
import type { Probe } from './probe.ts'

export interface ActivationsConfig {
  /** Rows of the training set to look at: the same at every evaluation. Default 256. */
  readonly rows?: number
}

/**
 * What of the activations that the model shows (`forward.observe`) does nothing any more, at evaluation. Reports for each
 * `dead/<name>`, the share of units that are 0 for all rows and places, as of a rectifier that never opens; and
 * `saturated/<name>`, the share of values between 0.99 and 1 in absolute value, as of tanh and the sigmoid where their
 * slope is next to nothing. A unit is a place on the last axis.
 */
export function activations({ rows = 256 }: ActivationsConfig = {}): Probe {
  checkCount('activations.rows', rows)
  return {
    name: 'activations',
    start({ tf, model, data }) {
      const { inputs, labels } = uploadDataset(tf, sample(data, rows))

      function sharesOf(activation: Tensor): Tensor {
        return tf.tidy(() => {
          const size = tf.abs(tf.reshape(activation, [-1, activation.shape.at(-1) ?? 1]))
          const dead = tf.cast(tf.equal(tf.max(size, 0), 0), 'float32')
          const saturated = tf.mul(
            tf.cast(tf.greater(size, 0.99), 'float32'),
            tf.cast(tf.lessEqual(size, 1), 'float32'),
          )
          return tf.stack([tf.mean(dead), tf.mean(saturated)])
        })
      }

      return {
        measure({ params }) {
          const shown = new Map<string, Tensor>()
          const tensor = tf.tidy(() => {
            const onObserve = (name: string, activation: Tensor) => void shown.set(name, sharesOf(activation))
            model.apply(forward(tf, model, params, inputs, { onObserve }), inputs)
            return tf.concat([tf.zeros([0]), ...shown.values()])
          })
          const names = [...shown.keys()]
          return {
            tensor,
            metrics: (values) =>
              Object.fromEntries(
                names.flatMap((name, i) => [
                  [`dead/${name}`, values[2 * i] ?? Number.NaN],
                  [`saturated/${name}`, values[2 * i + 1] ?? Number.NaN],
                ]),
              ),
          }
        },
        dispose: () => tf.dispose([inputs, labels]),
      }
    },
  }
}
