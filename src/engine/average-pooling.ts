import type { AvgPoolGradAttrs, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../errors.ts'
import type { Tf } from '../study/engine.ts'
import { replaceKernel } from './replace-kernel.ts'

/** What has been mended: back ends outlive engines, of which a process may make several. */
const mended = new WeakSet<KernelFunc>()

/**
 * Mends the gradient of padded average pooling on a back end.
 *
 * Where a window reaches over the edge of the image its mean is of the numbers inside, but the gradient of tfjs 4.22 divides
 * by the size of the whole window, on all of its back ends (TensorFlow's own kernel is right). So `dy` is multiplied by
 * size of the window / numbers inside before that kernel sees it.
 */
export function mendAveragePooling(tf: Tf, backendName: string): void {
  const stock = tf.getKernel('AvgPoolGrad', backendName)
  const multiply = tf.getKernel('Multiply', backendName)
  if (!stock || !multiply) throw new DynotuneError('internal', `The back end "${backendName}" has not been registered.`)
  if (mended.has(stock.kernelFunc)) return

  const kernelFunc: KernelFunc = (call) => {
    const { inputs, backend, attrs = {} } = call
    const { dy, input } = inputs
    if (!dy || !input || !isPooling(attrs) || !(backend instanceof tf.KernelBackend))
      throw new DynotuneError('internal', 'The gradient of average pooling is not called as expected.')
    const inside = sharesInside(tf, input, attrs)
    if (inside.values.every((share) => share === 1)) return stock.kernelFunc(call)
    const factors: TensorInfo = {
      shape: inside.shape,
      dtype: 'float32',
      dataId: backend.write(
        inside.values.map((share) => 1 / share),
        inside.shape,
        'float32',
      ),
    }
    const scaled = multiply.kernelFunc({ inputs: { a: dy, b: factors }, backend })
    if (Array.isArray(scaled)) throw new DynotuneError('internal', 'A product of two tensors is not one tensor.')
    const result = stock.kernelFunc({ inputs: { dy: scaled, input }, backend, attrs: { ...attrs } })
    for (const { dataId } of [factors, scaled]) backend.disposeData(dataId)
    return result
  }
  mended.add(kernelFunc)
  replaceKernel(tf, { ...stock, kernelFunc })
}

/** For each place of the output, [1, height, width, 1], how much of its window lies inside the image. */
function sharesInside(tf: Tf, { shape }: TensorInfo, { filterSize, strides, pad }: AvgPoolGradAttrs) {
  const [batch = 0, height = 0, width = 0, channels = 0] = shape
  const pooling = tf.backend_util.computePool2DInfo([batch, height, width, channels], filterSize, strides, 1, pad)
  const { filterHeight, filterWidth, outHeight, outWidth, padInfo } = pooling
  const rows = inside(outHeight, pooling.strideHeight, filterHeight, padInfo.top, height)
  const columns = inside(outWidth, pooling.strideWidth, filterWidth, padInfo.left, width)
  const values = rows.flatMap((row) => columns.map((column) => (row * column) / (filterHeight * filterWidth)))
  return { shape: [1, outHeight, outWidth, 1], values: Float32Array.from(values) }
}

/** Along one axis, how many of each window's places lie inside. */
function inside(count: number, stride: number, window: number, before: number, length: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const start = i * stride - before
    return Math.min(start + window, length) - Math.max(start, 0)
  })
}

function isPooling(attrs: object): attrs is AvgPoolGradAttrs & Record<string, never> {
  return 'filterSize' in attrs && 'strides' in attrs && 'pad' in attrs
}
