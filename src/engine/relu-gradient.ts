import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../errors.ts'
import type { Tf } from '../study/engine.ts'
import { greater, leaf, select } from './fusion/expression.ts'
import { realize, tensorsIn } from './fusion/realize.ts'
import { ELEMENTWISE } from './fusion/run-program.ts'

/**
 * Makes the gradient of ReLU one pass, dx = dy where x > 0 and else 0, on engines that fuse: the product of dy with the cast
 * of a step function that tfjs makes of it is three, and nine operations on TensorFlow. Gradients are registered
 * for all engines at once, so others keep the product.
 */
export function registerReluGradient(tf: Tf): void {
  const masked: (dy: Tensor, x: Tensor) => Tensor = tf.customGrad((dy, x, save) => {
    if (!(dy instanceof tf.Tensor && x instanceof tf.Tensor) || typeof save !== 'function') throw unexpected()
    save([x])
    const [value = dy] = tensorsIn(realize(tf, [select(greater(leaf(x), 0), leaf(dy), 0)]))
    return {
      value,
      // It is linear in dy, and flat in x.
      gradFunc: (upstream: Tensor, [saved = x]: Tensor[]) => [masked(upstream, saved), tf.zerosLike(saved)],
    }
  })
  const stock = tf.getGradient('Relu')
  tf.unregisterGradient('Relu')
  tf.registerGradient({
    ...stock,
    gradFunc(dy, saved, attrs) {
      const [x] = saved
      const upstream = Array.isArray(dy) ? dy[0] : dy
      if (!x || !upstream || !tf.getKernel(ELEMENTWISE, tf.getBackend())) return stock.gradFunc(dy, saved, attrs)
      return { x: () => masked(upstream, x) }
    },
  })
}

function unexpected(): DynotuneError {
  return new DynotuneError('internal', 'tf.customGrad called its function otherwise than it says.')
}
