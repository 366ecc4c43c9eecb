import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { axesOf, numbersOf } from './attributes.ts'
import { input, type KernelContext } from './kernel-context.ts'
import { type Axis, mover } from './move.ts'
import { isWord, stridesOf, WORD } from './shape.ts'

/**
 * The same values in another order, number or type. What leaves all of them where they are shares them: the back end's own
 * kernels copy for an identity, and gradients are full of those.
 */
export function layoutKernels(context: KernelContext): Record<string, KernelFunc> {
  const { heap, run, stock } = context
  const move = mover(context)
  const [identity, cast, transpose] = [stock('Identity'), stock('Cast'), stock('Transpose')]
  const [tile, pad, reverse] = [stock('Tile'), stock('PadV2'), stock('Reverse')]

  /** Moves to a new tensor of `shape`. */
  function moved(x: TensorInfo, shape: readonly number[], axes: readonly Axis[], start = 0): TensorInfo {
    const y = heap.output(shape, x.dtype)
    move(heap.address(x) + start * WORD, heap.address(y), axes)
    return y
  }

  /** The back end's own writes four bytes for each boolean, over what lies behind. */
  function asIntegers(x: TensorInfo, compute: (x: TensorInfo) => TensorInfo): TensorInfo {
    const integers = run('Cast', { x }, { dtype: 'int32' })
    const result = compute(integers)
    const booleans = run('Cast', { x: result }, { dtype: 'bool' })
    for (const each of [integers, result]) heap.dispose(each)
    return booleans
  }

  return {
    Identity(params) {
      const x = input(params.inputs, 'x')
      return x.dtype === 'string' ? identity(params) : heap.share(x)
    },

    Cast(params) {
      const x = input(params.inputs, 'x')
      return x.dtype === params.attrs?.dtype && x.dtype !== 'string' ? heap.share(x) : cast(params)
    },

    Transpose(params) {
      const x = input(params.inputs, 'x')
      const order = numbersOf(params.attrs, 'perm')
      const shape = order.map((axis) => x.shape[axis] ?? 0)
      if (!isWord(x)) return transpose(params)
      const long = order.filter((axis) => x.shape[axis] !== 1)
      if (long.every((axis, i) => i === 0 || axis > (long[i - 1] ?? 0))) return heap.share(x, shape)
      const [from, to] = [stridesOf(x.shape), stridesOf(shape)]
      const axes = order.map((axis, i) => ({ length: shape[i] ?? 0, from: from[axis] ?? 0, to: to[i] ?? 0 }))
      return moved(x, shape, axes)
    },

    Tile(params) {
      const x = input(params.inputs, 'x')
      if (!isWord(x)) return tile(params)
      const times = numbersOf(params.attrs, 'reps')
      const shape = x.shape.map((length, axis) => length * (times[axis] ?? 1))
      const [from, to] = [stridesOf(x.shape), stridesOf(shape)]
      const axes = x.shape.flatMap((length, axis) => [
        { length: times[axis] ?? 1, from: 0, to: length * (to[axis] ?? 0) },
        { length, from: from[axis] ?? 0, to: to[axis] ?? 0 },
      ])
      return moved(x, shape, axes)
    },

    PadV2(params) {
      const x = input(params.inputs, 'x')
      const value = params.attrs?.constantValue
      const paddings = pairsOf(params.attrs?.paddings)
      if (!isWord(x) || !paddings || typeof value !== 'number') return pad(params)
      const shape = x.shape.map((length, axis) => length + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0))
      const y = heap.output(shape, x.dtype)
      const values = x.dtype === 'float32' ? Float32Array : Int32Array
      new values(heap.memory.buffer, heap.address(y), sizeOf(shape)).fill(value)
      const [from, to] = [stridesOf(x.shape), stridesOf(shape)]
      const start = to.reduce((sum, stride, axis) => sum + stride * (paddings[axis]?.[0] ?? 0), 0)
      const axes = x.shape.map((length, axis) => ({ length, from: from[axis] ?? 0, to: to[axis] ?? 0 }))
      move(heap.address(x), heap.address(y) + start * WORD, axes)
      return y
    },

    Reverse(params) {
      const x = input(params.inputs, 'x')
      if (x.dtype === 'bool') return asIntegers(x, (integers) => run('Reverse', { x: integers }, params.attrs))
      if (!isWord(x)) return reverse(params)
      const turned = axesOf(params.attrs, 'dims', x.shape.length)
      const strides = stridesOf(x.shape)
      let start = 0
      const axes = x.shape.map((length, axis) => {
        const to = strides[axis] ?? 0
        if (!turned.has(axis)) return { length, from: to, to }
        start += (length - 1) * to
        return { length, from: -to, to }
      })
      return moved(x, x.shape, axes, start)
    },
  }
}

function pairsOf(value: unknown): (readonly [number, number])[] | undefined {
  return Array.isArray(value) && value.every(isPair) ? value : undefined
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number')
}
