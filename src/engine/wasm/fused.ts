import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import type { KernelContext } from './kernel-context.ts'

/** Adds the bias to what a fused operation has computed, and applies its activation; y is used up. */
export type Finish = (y: TensorInfo, inputs: NamedTensorInfoMap, attrs: NamedAttrMap | undefined) => TensorInfo

/** For operations whose output has its channels last, with the inputs and attributes that tfjs gives to all of them. */
export function finisher({ tf, heap, native, run }: KernelContext): Finish {
  const addBias = native('addBias')
  return (y, { bias, preluActivationWeights: alpha }, attrs) => {
    const { activation = 'linear', leakyreluAlpha = 0.2 } = attrs ?? {}
    const replaced = (next: TensorInfo) => {
      heap.dispose(y)
      return next
    }
    const then = (kernel: string, inputs = {}, options = {}) => replaced(run(kernel, { x: y, ...inputs }, options))
    const channels = y.shape.at(-1) ?? 1
    if (bias && sizeOf(bias.shape) === channels) {
      if (channels > 0) addBias(heap.address(y), heap.address(bias), sizeOf(y.shape) / channels, channels)
    } else if (bias) y = replaced(run('Add', { a: y, b: bias }))

    if (activation === 'relu') return then('Relu')
    if (activation === 'relu6') return then('Relu6')
    if (activation === 'elu') return then('Elu')
    if (activation === 'sigmoid') return then('Sigmoid')
    if (activation === 'leakyrelu') return then('LeakyRelu', {}, { alpha: Number(leakyreluAlpha) })
    if (activation === 'prelu' && alpha) return then('Prelu', { alpha })
    tf.util.assert(activation === 'linear', () => `The wasm engine fuses no activation ${activation}.`)
    return y
  }
}
