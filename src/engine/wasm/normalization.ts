import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { numberOf } from './attributes.ts'
import { input, type KernelContext } from './kernel-context.ts'
import { WORD } from './shape.ts'
import { add, floats, get, locals, loop, params, set } from './wat.ts'

/** Batch normalization by the moments of each channel. The back end's own takes a remainder for each number. */
export function normalizationKernels({ heap, native, stock }: KernelContext): Record<string, KernelFunc> {
  const normalize = native('normalize')
  const others = stock('FusedBatchNorm')
  const values = (tensor: TensorInfo) =>
    new Float32Array(heap.memory.buffer, heap.address(tensor), sizeOf(tensor.shape))

  return {
    FusedBatchNorm(call) {
      const [x, mean, variance] = ['x', 'mean', 'variance'].map((name) => input(call.inputs, name))
      const { scale, offset } = call.inputs
      const channels = x?.shape.at(-1) ?? 0
      const each = [mean, variance, scale, offset].filter((tensor) => tensor !== undefined)
      if (
        !x ||
        !mean ||
        !variance ||
        channels === 0 ||
        each.some(({ shape }) => shape.length !== 1 || shape[0] !== channels)
      )
        return others(call)
      const epsilon = numberOf(call.attrs, 'varianceEpsilon')
      const y = heap.output(x.shape)
      const factor = heap.output([channels])
      const shift = offset ? heap.share(offset) : heap.zeros([channels])
      const [spread, scales] = [values(variance), scale ? values(scale) : undefined]
      values(factor).set(spread.map((value, i) => (scales?.[i] ?? 1) / Math.sqrt(value + epsilon)))
      const tensors = [x, mean, factor, shift, y].map(heap.address)
      normalize(...tensors, sizeOf(x.shape) / channels, channels * WORD)
      for (const tensor of [factor, shift]) heap.dispose(tensor)
      return y
    },
  }
}

/** `normalize(x, mean, factor, shift, y, rows, bytes)`: y = (x - mean) factor + shift, the three the same for all rows. */
export function normalizationText(): string {
  const at = (name: string) => add(get(name), get('at'))
  const value = (type: string, fused: (a: string, b: string, c: string) => string) => {
    const load = (name: string) => `(${type === 'f32' ? 'f32' : 'v128'}.load ${at(name)})`
    return fused(`(${type}.sub ${load('x')} ${load('mean')})`, load('factor'), load('shift'))
  }
  const four = value('f32x4', (a, b, c) => `(f32x4.relaxed_madd ${a} ${b} ${c})`)
  const one = value('f32', (a, b, c) => `(f32.add (f32.mul ${a} ${b}) ${c})`)
  return `
  (func (export "normalize") ${params('x', 'mean', 'factor', 'shift', 'y', 'rows', 'bytes')} ${locals('i32', ['i', 'at'])}
    ${loop(
      'i',
      get('rows'),
      1,
      `
      ${floats('at', get('bytes'), `(v128.store ${at('y')} ${four})`, `(f32.store ${at('y')} ${one})`)}
      ${set('x', add(get('x'), get('bytes')))}
      ${set('y', add(get('y'), get('bytes')))}`,
    )})`
}
