import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { replaceKernel } from '../replace-kernel.ts'
import { type Attribute, nodeBackend } from './node-backend.ts'

/** Numbers in the right operand up to which TensorFlow's MatMul is quick to transpose it. */
const LARGEST_TRANSPOSED = 2 ** 17
/** Columns from which, or else numbers up to which, a gradient of a bias is a quicker sum than a sum. */
const LEAST_COLUMNS = 32
const LARGEST_NARROW = 2 ** 15

type Call = Parameters<KernelFunc>[0]

/** Answers a call; undefined where the stock kernel is to. */
type Attempt = (inputs: Call['inputs'], attributes: NonNullable<Call['attrs']>) => TensorInfo | undefined

/**
 * Calls of kernels for which tfjs-node takes a slower way through TensorFlow than there is on a processor:
 *
 * - Products of two matrices go through MatMul. BatchMatMulV2 wakes all threads for the smallest: 0.11 instead of 0.04 ms
 *   for a step of an LSTM. But MatMul is slow, up to 6 times, where it has to transpose a large right operand.
 * - Sums over all axes but the last are what TensorFlow calls the gradient of a bias: 0.1 instead of 0.3 ms for 1024 x 512.
 * - Reshaping to the same shape, which the gradients of tfjs do with every operand, is no operation.
 * - What is gathered is not looked for in JavaScript first: TensorFlow itself refuses places outside.
 */
export function registerQuickKernels(tf: Tf): void {
  const backend = nodeBackend(tf)
  const { binding } = backend
  const types: Readonly<Record<string, number>> = { float32: binding.TF_FLOAT, int32: binding.TF_INT32 }
  const type = (name: string, value = binding.TF_FLOAT): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value })
  const flag = (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value })
  const asSumOfRows = [type('T'), { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' }]

  replace(tf, 'BatchMatMul', ({ a, b }, { transposeA, transposeB }) => {
    if (!isMatrix(a) || !isMatrix(b)) return undefined
    if (transposeB === true && tf.util.sizeFromShape(b.shape) > LARGEST_TRANSPOSED) return undefined
    const flags = [flag('transpose_a', transposeA === true), flag('transpose_b', transposeB === true)]
    return backend.executeSingleOutput('MatMul', [type('T'), ...flags], [a, b])
  })

  replace(tf, 'Sum', ({ x }, { axis, keepDims }) => {
    if (x?.dtype !== 'float32' || x.shape.length < 2 || keepDims === true || !Array.isArray(axis)) return undefined
    const last = x.shape.length - 1
    if (axis.length !== last || tf.util.parseAxisParam(axis.map(Number), x.shape).includes(last)) return undefined
    const isNarrow = (x.shape[last] ?? 0) < LEAST_COLUMNS
    if (isNarrow && tf.util.sizeFromShape(x.shape) > LARGEST_NARROW) return undefined
    return backend.executeSingleOutput('BiasAddGrad', asSumOfRows, [x])
  })

  replace(tf, 'Reshape', ({ x }, { shape }) => {
    if (!x || !Array.isArray(shape) || !tf.util.arraysEqual(shape.map(Number), x.shape)) return undefined
    backend.incRef(x.dataId)
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
  })

  replace(tf, 'GatherV2', ({ x, indices }, { axis, batchDims }) => {
    const of = x && types[x.dtype]
    if (!x || of === undefined || indices?.dtype !== 'int32') return undefined
    const along = tf.scalar(Number(axis), 'int32')
    const attributes = [
      { name: 'batch_dims', type: binding.TF_ATTR_INT, value: Number(batchDims ?? 0) },
      ...[type('Tparams', of), type('Tindices', binding.TF_INT32), type('Taxis', binding.TF_INT32)],
    ]
    const rows = backend.executeSingleOutput('GatherV2', attributes, [x, indices, along])
    along.dispose()
    return rows
  })
}

/** What has been put in: back ends outlive engines, of which a process may make several. */
const own = new WeakSet<KernelFunc>()

function replace(tf: Tf, kernelName: string, attempt: Attempt): void {
  const stock = tf.getKernel(kernelName, 'tensorflow')
  if (!stock) throw new DynotuneError('internal', `The back end "tensorflow" has no ${kernelName}.`)
  if (own.has(stock.kernelFunc)) return
  const kernelFunc: KernelFunc = (call) => attempt(call.inputs, call.attrs ?? {}) ?? stock.kernelFunc(call)
  own.add(kernelFunc)
  replaceKernel(tf, { ...stock, kernelFunc })
}

function isMatrix(operand: TensorInfo | undefined): operand is TensorInfo {
  return operand?.dtype === 'float32' && operand.shape.length === 2
}
