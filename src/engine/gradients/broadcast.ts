import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { required } from './upstream.ts'

/** Their gradients in tfjs have the shape of the output even where an operand was broadcast to it. */
const UNSUMMED = ['BatchMatMul', 'Maximum', 'Minimum', 'SquaredDifference']

/** Gradients of operations that broadcast, summed over what was broadcast. */
export function summedGradients(tf: Tf): GradConfig[] {
  return UNSUMMED.map((kernelName) => {
    const stock = tf.getGradient(kernelName)
    return {
      ...stock,
      gradFunc(dy, saved, attrs) {
        const gradients = stock.gradFunc(dy, saved, attrs)
        const [a, b] = [required(saved[0]), required(saved[1])]
        return {
          a: () => sumTo(tf, required(gradients.a?.()), a.shape),
          b: () => sumTo(tf, required(gradients.b?.()), b.shape),
        }
      },
    }
  })
}

/** The sum of x over the axes along which `shape` was broadcast to that of x. */
export function sumTo(tf: Tf, x: Tensor, shape: readonly number[]): Tensor {
  const added = x.rank - shape.length
  const axes = x.shape.flatMap((length, axis) =>
    axis < added || (shape[axis - added] === 1 && length !== 1) ? [axis] : [],
  )
  return axes.length === 0 ? x : tf.reshape(tf.sum(x, axes), [...shape])
}
