import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Random } from '../../../../src/numerics/random.ts'
import type { Tf } from '../../../../src/study/engine.ts'
import { inputOf, type Model } from '../../../../src/train/index.ts'
import { sizeOf } from '../draw.ts'

type Shape = readonly number[]
type Params<S extends Record<string, Shape>> = {
  readonly [Name in keyof S]: S[Name]['length'] extends 2 ? Tensor2D : S[Name]['length'] extends 4 ? Tensor4D : Tensor
}

/**
 * A model from the shapes of its parameters and a function of them. Those with more than one axis begin normal with
 * variance 1 / fan in, names that begin with `scale` at one, others at zero.
 */
export function smallModel<const S extends Record<string, Shape>>(
  shapes: S,
  forward: (tf: Tf, params: Params<S>, inputs: Tensor2D, random: Random | undefined) => Tensor2D,
): Model {
  const entries = Object.entries(shapes)

  function areParams(params: Record<string, Tensor>): params is Params<S> & typeof params {
    return entries.every(([name, shape]) => params[name]?.shape.length === shape.length)
  }

  return {
    parameters: entries.map(([name, shape]) => ({
      name,
      shape,
      role: shape.length > 1 ? 'kernel' : 'bias',
      init(random) {
        const size = sizeOf(shape)
        const spread = Math.sqrt((shape.at(-1) ?? 1) / size)
        const start = () => (shape.length > 1 ? spread * random.normal() : name.startsWith('scale') ? 1 : 0)
        return Float32Array.from({ length: size }, start)
      },
    })),
    apply({ tf, parameter, random }, inputs) {
      const params = Object.fromEntries(entries.map(([name]) => [name, parameter(name)]))
      if (!areParams(params)) throw new Error('these are not the parameters of this model')
      return forward(tf, params, tf.reshape(inputOf(inputs, 'features'), [-1, 64]), random)
    },
  }
}
