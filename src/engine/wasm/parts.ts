import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { numberOf, numbersOf } from './attributes.ts'
import { input, inputList, type KernelContext } from './kernel-context.ts'
import { mover } from './move.ts'
import { fromFront, isWord, stridesOf, WORD } from './shape.ts'

/**
 * Taking tensors apart and putting them together. The back end's own slice copies all of the tensor into JavaScript before it
 * takes its part, and so do split and unstack, once for each part.
 */
export function partKernels(context: KernelContext): Record<string, KernelFunc> {
  const { tf, heap, stock } = context
  const move = mover(context)
  const stocks = { Slice: stock('Slice'), SplitV: stock('SplitV'), Unpack: stock('Unpack') }
  const joins = { Concat: stock('Concat'), Pack: stock('Pack') }

  function part(x: TensorInfo, begin: readonly number[], size: readonly number[], shape = size): TensorInfo {
    const y = heap.output(shape, x.dtype)
    const [strides, own] = [stridesOf(x.shape), stridesOf(size)]
    const start = begin.reduce((sum, place, axis) => sum + place * (strides[axis] ?? 0), 0)
    const axes = size.map((length, axis) => ({ length, from: strides[axis] ?? 0, to: own[axis] ?? 0 }))
    move(heap.address(x) + start * WORD, heap.address(y), axes)
    return y
  }

  /** Parts that follow each other along an axis, each of `lengths[i]`. */
  function parts(x: TensorInfo, axis: number, lengths: readonly number[], drop: boolean): TensorInfo[] {
    let begin = 0
    return lengths.map((length) => {
      const size = x.shape.with(axis, length)
      const y = part(
        x,
        size.map((_, i) => (i === axis ? begin : 0)),
        size,
        drop ? size.toSpliced(axis, 1) : size,
      )
      begin += length
      return y
    })
  }

  /** Tensors that follow each other along an axis of the result. */
  function joined(tensors: readonly TensorInfo[], axis: number, shape: readonly number[]): TensorInfo {
    const y = heap.output(shape, tensors[0]?.dtype)
    const rows = sizeOf(shape.slice(0, axis))
    const width = sizeOf(shape.slice(axis))
    let to = heap.address(y)
    for (const tensor of tensors) {
      const length = rows === 0 ? 0 : sizeOf(tensor.shape) / rows
      move(heap.address(tensor), to, [
        { length: rows, from: length, to: width },
        { length, from: 1, to: 1 },
      ])
      to += length * WORD
    }
    return y
  }

  return {
    Slice(params) {
      const x = input(params.inputs, 'x')
      if (!isWord(x)) return stocks.Slice(params)
      const [begin = [], size = []] = tf.slice_util.parseSliceParams(
        x,
        numbersOf(params.attrs, 'begin'),
        params.attrs?.size === undefined ? undefined : numbersOf(params.attrs, 'size'),
      )
      tf.slice_util.assertParamsValid(x, begin, size)
      tf.util.assert(
        begin.every((place) => place >= 0),
        () => `slice() begins at ${begin}, before the tensor.`,
      )
      return part(x, begin, size)
    },

    SplitV(params) {
      const x = input(params.inputs, 'x')
      if (!isWord(x)) return stocks.SplitV(params)
      const axis = fromFront(numberOf(params.attrs, 'axis'), x.shape.length)
      const sizes = params.attrs?.numOrSizeSplits
      const split = typeof sizes === 'number' ? sizes : numbersOf(params.attrs, 'numOrSizeSplits')
      return parts(x, axis, tf.backend_util.prepareSplitSize(x, split, axis), false)
    },

    Unpack(params) {
      const x = input(params.inputs, 'value')
      if (!isWord(x)) return stocks.Unpack(params)
      const axis = fromFront(numberOf(params.attrs, 'axis'), x.shape.length)
      return parts(
        x,
        axis,
        Array.from({ length: x.shape[axis] ?? 0 }, () => 1),
        true,
      )
    },

    Concat(params) {
      const tensors = inputList(params.inputs)
      const [first] = tensors
      if (!first || !tensors.every(isWord)) return joins.Concat(params)
      const axis = fromFront(numberOf(params.attrs, 'axis'), first.shape.length)
      const shapes = tensors.map(({ shape }) => shape)
      tf.backend_util.assertParamsConsistent(shapes, axis)
      const length = shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0)
      return joined(tensors, axis, first.shape.with(axis, length))
    },

    Pack(params) {
      const tensors = inputList(params.inputs)
      const [first] = tensors
      if (!first || !tensors.every(isWord)) return joins.Pack(params)
      for (const { shape, dtype } of tensors) {
        tf.util.assertShapesMatch(first.shape, shape, 'All tensors passed to stack must have matching shapes')
        tf.util.assert(dtype === first.dtype, () => 'All tensors passed to stack must have matching dtypes')
      }
      const axis = fromFront(numberOf(params.attrs, 'axis'), first.shape.length + 1)
      return joined(tensors, axis, first.shape.toSpliced(axis, 0, tensors.length))
    },
  }
}
