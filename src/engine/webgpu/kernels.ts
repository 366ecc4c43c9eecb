import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { mendAveragePooling } from '../average-pooling.ts'
import { mendBroadcastProducts } from '../broadcast-products.ts'
import { replaceKernel } from '../replace-kernel.ts'
import { REPLACE_ROWS } from '../replace-rows.ts'
import { type FlatProgram, runFlat } from './flat-program.ts'
import { replaceRowsKernel } from './replace-rows.ts'
import { MOST_ROWS, segmentSum } from './segment-sum.ts'
import { unaryPrograms } from './unary.ts'

const FLOATS: FlatProgram = { key: 'floats', inputs: ['x'], code: 'result[index] = f32(x[index]);' }

/** What each reduction makes of nothing. */
const OF_NOTHING = { Sum: 0, Mean: Number.NaN, Prod: 1, Max: -Infinity, Min: Infinity } as const

/** Activations of fused kernels that are among the functions below. */
const FUSED_ACTIVATIONS: Readonly<Record<string, string>> = { sigmoid: 'Sigmoid', elu: 'Elu', relu6: 'Relu6' }

let mended = false

/**
 * Replaces kernels of the back end that are wrong. Once in a process: kernels outlive back ends.
 * @param isBackend whether a value is a back end of the package
 */
export function mendKernels(tf: Tf, isBackend: (value: unknown) => value is WebGPUBackend): void {
  if (mended) return
  mended = true
  mendAveragePooling(tf, 'webgpu')
  mendBroadcastProducts(tf, 'webgpu')

  function replace(kernelName: string, mend: (stock: KernelFunc) => KernelFunc): void {
    const stock = tf.getKernel(kernelName, 'webgpu')
    if (!stock) throw new DynotuneError('internal', `The back end "webgpu" has no kernel ${kernelName}.`)
    replaceKernel(tf, { ...stock, kernelFunc: mend(stock.kernelFunc) })
  }

  function checked(backend: unknown): WebGPUBackend {
    if (isBackend(backend)) return backend
    throw new DynotuneError('internal', 'A kernel was called on another back end than its own.')
  }

  function run(kernel: string, call: Parameters<KernelFunc>[0]): TensorInfo {
    const result = tf.getKernel(kernel, 'webgpu')?.kernelFunc(call)
    if (result && !Array.isArray(result)) return result
    throw new DynotuneError('internal', `The kernel ${kernel} did not return one tensor.`)
  }

  for (const [name, value] of Object.entries(OF_NOTHING)) {
    // They divide by the number of what there is to reduce, even by 0.
    replace(name, (stock) => (call) => {
      const { inputs, attrs, backend } = call
      const { x } = inputs
      if (x?.dtype !== 'float32' || tf.util.sizeFromShape(x.shape) > 0) return stock(call)
      const given: unknown[] = [attrs?.axis ?? x.shape.map((_, axis) => axis)].flat()
      const axes = tf.util.parseAxisParam(
        given.filter((axis) => typeof axis === 'number'),
        x.shape,
      )
      const [reduced] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes)
      const shape = attrs?.keepDims ? tf.backend_util.expandShapeToKeepDim(reduced, axes) : reduced
      return run('Fill', { inputs: {}, attrs: { shape, value, dtype: 'float32' }, backend })
    })
  }

  // It gives integers and truth values another name and leaves them as they are, which not every kernel expects.
  replace('Cast', (stock) => (call) => {
    const { x } = call.inputs
    if (call.attrs?.dtype !== 'float32' || (x?.dtype !== 'int32' && x?.dtype !== 'bool')) return stock(call)
    return runFlat(checked(call.backend), FLOATS, { tensors: [x], shape: x.shape, dtype: 'float32' })
  })

  // For small tensors that have not been uploaded it has a path of its own, which leaves two of them behind.
  replace('GatherNd', (stock) => (call) => {
    const backend = checked(call.backend)
    for (const tensor of Object.values(call.inputs)) if (tensor) backend.uploadToGPU(tensor.dataId)
    return stock(call)
  })

  replace('UnsortedSegmentSum', (stock) => (call) => {
    const { x, segmentIds: ids } = call.inputs
    const segments = call.attrs?.numSegments
    const [rows = 0, ...rest] = x?.shape ?? []
    const numeric = x?.dtype === 'float32' || x?.dtype === 'int32'
    if (!numeric || !ids || typeof segments !== 'number' || rows > MOST_ROWS) return stock(call)
    const backend = checked(call.backend)
    const columns = tf.util.sizeFromShape(rest)
    const flat = run('Reshape', { inputs: { x }, attrs: { shape: [rows, columns] }, backend })
    const heads = run('Fill', { inputs: {}, attrs: { shape: [segments], value: rows, dtype: 'int32' }, backend })
    const sums = segmentSum(backend, { x: flat, ids, heads })
    const shaped = run('Reshape', { inputs: { x: sums }, attrs: { shape: [segments, ...rest] }, backend })
    for (const { dataId } of [flat, heads, sums]) backend.disposeData(dataId)
    return shaped
  })

  replaceKernel(tf, { kernelName: REPLACE_ROWS, backendName: 'webgpu', kernelFunc: replaceRowsKernel(checked) })

  // Within the fused kernels there is no getting at them.
  for (const name of ['_FusedMatMul', 'FusedConv2D', 'FusedDepthwiseConv2D']) {
    replace(name, (stock) => (call) => {
      const { attrs, backend } = call
      const activation = FUSED_ACTIVATIONS[String(attrs?.activation)]
      if (!activation) return stock(call)
      const linear = stock({ ...call, attrs: { ...attrs, activation: 'linear' } })
      if (Array.isArray(linear)) return linear
      const activated = run(activation, { inputs: { x: linear }, backend })
      checked(backend).disposeData(linear.dataId)
      return activated
    })
  }

  for (const [name, program] of Object.entries(unaryPrograms)) {
    replace(name, (stock) => (call) => {
      const { x } = call.inputs
      if (x?.dtype !== 'float32') return stock(call)
      return runFlat(checked(call.backend), program, { tensors: [x], shape: x.shape, dtype: 'float32' })
    })
  }
}
