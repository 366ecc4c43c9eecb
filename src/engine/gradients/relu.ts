import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { greater, leaf, select } from '../fusion/expression.ts'
import { realize, tensorsIn } from '../fusion/realize.ts'
import { ELEMENTWISE } from '../fusion/run-programs.ts'
import { required, upstreamOf } from './upstream.ts'

/**
 * dx = dy where x > 0, else 0: in one pass on engines that fuse. The product of dy with the cast of a step function that
 * tfjs makes of it is three, and nine operations on TensorFlow; engines that do not fuse keep it.
 */
export function reluGradient(tf: Tf): GradConfig {
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
  return {
    kernelName: 'Relu',
    // The output is positive where the input is, and what comes next keeps it anyway: the input need not live on.
    outputsToSave: [true],
    gradFunc(dy, saved, attrs) {
      if (!tf.getKernel(ELEMENTWISE, tf.getBackend())) return stock.gradFunc(dy, saved, attrs)
      return { x: () => masked(upstreamOf(dy), required(saved[0])) }
    },
  }
}

function unexpected(): DynotuneError {
  return new DynotuneError('internal', 'tf.customGrad called its function otherwise than it says.')
}
