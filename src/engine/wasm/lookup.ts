import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { numberOf } from './attributes.ts'
import { input, type KernelContext } from './kernel-context.ts'
import { fromFront, isWord, WORD } from './shape.ts'
import { add, get, i32, locals, loop, mul, params, set } from './wat.ts'

/**
 * Rows by their numbers: taking them (an embedding), adding to them (its gradient, which the back end lacks), and one-hot
 * rows, to which it writes integers whatever type they are of.
 */
export function lookupKernels(context: KernelContext): Record<string, KernelFunc> {
  const { tf, heap, native, run, stock } = context
  const [gather, segmentSum] = [native('gather'), native('segmentSum')]
  const gatherOthers = stock('GatherV2')

  const integers = (tensor: TensorInfo) =>
    new Int32Array(heap.memory.buffer, heap.address(tensor), sizeOf(tensor.shape))

  return {
    GatherV2(call) {
      const [x, indices] = [input(call.inputs, 'x'), input(call.inputs, 'indices')]
      if (!isWord(x) || indices.dtype !== 'int32') return gatherOthers(call)
      const axis = fromFront(numberOf(call.attrs, 'axis'), x.shape.length)
      const length = x.shape[axis] ?? 0
      const outside = integers(indices).find((index) => index < 0 || index >= length)
      tf.util.assert(outside === undefined, () => `GatherV2: the index value ${outside} is not in [0, ${length - 1}]`)
      const batchDims = call.attrs?.batchDims === undefined ? 0 : numberOf(call.attrs, 'batchDims')
      const shapes = tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims)
      const { batchSize, outerSize, dimSize, sliceSize, outputShape } = shapes
      const y = heap.output(outputShape, x.dtype)
      const row = sliceSize * WORD
      const count = batchSize === 0 ? 0 : sizeOf(indices.shape) / batchSize
      for (let batch = 0; batch < batchSize; batch++) {
        const from = heap.address(x) + batch * outerSize * dimSize * row
        const to = heap.address(y) + batch * outerSize * count * row
        gather(from, heap.address(indices) + batch * count * WORD, to, outerSize, count, dimSize * row, row)
      }
      return y
    },

    UnsortedSegmentSum({ inputs, attrs }) {
      const [values, segments] = [input(inputs, 'x'), input(inputs, 'segmentIds')]
      const count = numberOf(attrs, 'numSegments')
      const [rows = 0, ...rest] = values.shape
      tf.util.assert(
        segments.shape.length === 1 && segments.shape[0] === rows,
        () => `Error in unsortedSegmentSum: ${segments.shape} segment ids for the rows of ${values.shape}.`,
      )
      // As on the cpu engine, sums are floats whatever they are of.
      const x = run('Cast', { x: values }, { dtype: 'float32' })
      const y = heap.zeros([count, ...rest])
      segmentSum(heap.address(x), heap.address(segments), heap.address(y), rows, count, sizeOf(rest) * WORD)
      heap.dispose(x)
      return y
    },

    OneHot({ inputs, attrs }) {
      const indices = input(inputs, 'indices')
      const [depth, on, off] = [numberOf(attrs, 'depth'), numberOf(attrs, 'onValue'), numberOf(attrs, 'offValue')]
      const { type, values } = typeCalled(attrs?.dtype)
      const y = heap.output([...indices.shape, depth], type)
      const rows = new values(heap.memory.buffer, heap.address(y), sizeOf(y.shape)).fill(off)
      for (const [i, index] of integers(indices).entries()) {
        if (index >= 0 && index < depth) rows[i * depth + index] = on
      }
      return y
    },
  }
}

function typeCalled(name: unknown) {
  if (name === 'float32') return { type: name, values: Float32Array } as const
  if (name === 'bool') return { type: name, values: Uint8Array } as const
  return { type: 'int32', values: Int32Array } as const
}

/**
 * `gather(x, indices, y, outer, count, outerBytes, rowBytes)`: from each of the outer parts of x, its rows by their indices.
 * `segmentSum(x, segments, y, rows, count, rowBytes)`: adds each row of x to that of y whose number it has, if there is one.
 */
export function lookupText(): string {
  const index = (of: string) => `(i32.load ${add(get(of), mul(get('i'), i32(WORD)))})`
  const row = (of: string) => add(get(of), mul(get('index'), get('rowBytes')))
  const advance = (of: string, bytes: string) => set(of, add(get(of), get(bytes)))
  return `
  (func (export "gather") ${params('x', 'indices', 'y', 'outer', 'count', 'outerBytes', 'rowBytes')} ${locals('i32', ['i', 'o', 'index'])}
    ${loop(
      'o',
      get('outer'),
      1,
      `
      ${loop(
        'i',
        get('count'),
        1,
        `
        ${set('index', index('indices'))}
        (call $copy ${row('x')} ${get('y')} ${get('rowBytes')})
        ${advance('y', 'rowBytes')}`,
      )}
      ${advance('x', 'outerBytes')}`,
    )})
  (func (export "segmentSum") ${params('x', 'segments', 'y', 'rows', 'count', 'rowBytes')} ${locals('i32', ['i', 'index'])}
    ${loop(
      'i',
      get('rows'),
      1,
      `
      ${set('index', index('segments'))}
      (if (i32.lt_u ${get('index')} ${get('count')}) (then (call $addTo ${get('x')} ${row('y')} ${get('rowBytes')})))
      ${advance('x', 'rowBytes')}`,
    )})`
}
