import type { Tensor } from '@tensorflow/tfjs-core'
import type { Model } from '../models/model.ts'
import { isTrained } from '../parameter.ts'
import type { Probe } from './probe.ts'
import { squaredNorm } from './squared-norm.ts'

/**
 * How far the last step before an evaluation moved the weights of each layer: the norm of their update by their norm before
 * it. Reports `updateRatio/<layer>`, such as `updateRatio/hidden0` of `hidden0/kernel` and `hidden0/bias`. About 1e-3 is
 * usual; infinite where weights begin at 0.
 */
export function updateRatio(): Probe {
  return {
    name: 'updateRatio',
    start({ tf, model }) {
      const layers = [...layersOf(model)]
      let squares: Tensor | undefined
      return {
        onUpdate(before, after) {
          squares?.dispose()
          squares = tf.tidy(() => {
            const pick = (tensors: readonly Tensor[], places: readonly number[]) =>
              places.flatMap((place) => tensors[place] ?? [])
            return tf.stack(
              layers.flatMap(([, places]) => {
                const [weights, moved] = [pick(before, places), pick(after, places)]
                const updates = moved.map((tensor, i) => tf.sub(tensor, weights[i] ?? 0))
                return [squaredNorm(tf, updates), squaredNorm(tf, weights)]
              }),
            )
          })
        },
        measure() {
          const tensor = squares
          squares = undefined
          return {
            ...(tensor && { tensor }),
            metrics: (values) =>
              Object.fromEntries(
                layers.map(([layer], i) => [
                  `updateRatio/${layer}`,
                  Math.sqrt((values[2 * i] ?? Number.NaN) / (values[2 * i + 1] ?? Number.NaN)),
                ]),
              ),
          }
        },
        dispose: () => squares?.dispose(),
      }
    },
  }
}

/** The places of the trained parameters of each layer: `hidden0/kernel` is of `hidden0`. */
function layersOf({ parameters }: Model): ReadonlyMap<string, number[]> {
  const layers = new Map<string, number[]>()
  for (const [place, parameter] of parameters.entries()) {
    if (!isTrained(parameter)) continue
    const { name } = parameter
    const layer = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : name
    layers.set(layer, [...(layers.get(layer) ?? []), place])
  }
  return layers
}
