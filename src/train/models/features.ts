import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import { sizeOf } from '../../numerics/size-of.ts'
import type { Tf } from '../../study/engine.ts'
import { inputOf } from './forward.ts'
import type { Inputs } from './model.ts'

/**
 * The input `features` with rows of this shape, whatever shape theirs is.
 * @throws DynotuneError `data.invalid` when a row has another number of values
 */
export function featuresOf(tf: Tf, inputs: Inputs, shape: readonly number[]): Tensor {
  const features = inputOf(inputs, 'features')
  const [rows = 0, ...given] = features.shape
  const size = sizeOf(shape)
  if (features.size === rows * size) return tf.reshape(features, [rows, ...shape])
  throw new DynotuneError('data.invalid', `A row of features has other values than the ${size} that the model takes.`, {
    path: 'features',
    value: given,
    remedy: 'make the model for the shape of the data',
  })
}
