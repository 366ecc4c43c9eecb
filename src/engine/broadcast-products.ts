import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../errors.ts'
import type { Tf } from '../study/engine.ts'
import { replaceKernel } from './replace-kernel.ts'

/** What has been mended: back ends outlive engines, of which a process may make several. */
const mended = new WeakSet<KernelFunc>()

/**
 * Mends matrix products of batches that are broadcast, on a back end.
 *
 * The kernels of tfjs 4.22 take batch i of an operand for batch i modulo its own number of batches: right where an operand has
 * one batch or all of them, wrong without a word for [2, 1] by [2, 3] and [1, 3] (wasm and TensorFlow are right). Where it
 * would be wrong, operands are written out in full first. Fused products come with their batches flattened, so that there
 * such operands can only be refused.
 */
export function mendBroadcastProducts(tf: Tf, backendName: string): void {
  const tile = tf.getKernel('Tile', backendName)
  for (const kernelName of ['BatchMatMul', '_FusedMatMul']) {
    const stock = tf.getKernel(kernelName, backendName)
    if (!stock || !tile) throw new DynotuneError('internal', `The back end "${backendName}" has not been registered.`)
    if (mended.has(stock.kernelFunc)) continue

    const kernelFunc: KernelFunc = (call) => {
      const { inputs, backend } = call
      const { a, b } = inputs
      if (!a || !b || !(backend instanceof tf.KernelBackend))
        throw new DynotuneError('internal', 'A matrix product is not called as expected.')
      const batches = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
      const all = tf.util.sizeFromShape(batches)
      if ([a, b].every(({ shape }) => [1, all].includes(tf.util.sizeFromShape(shape.slice(0, -2)))))
        return stock.kernelFunc(call)
      const [whole, other] = [a, b].map((operand) => {
        const missing = batches.length + 2 - operand.shape.length
        const shape = [...Array.from({ length: missing }, () => 1), ...operand.shape]
        const reps = [...batches.map((length, axis) => (shape[axis] === length ? 1 : length)), 1, 1]
        const written = tile.kernelFunc({ inputs: { x: { ...viewOf(operand), shape } }, backend, attrs: { reps } })
        if (Array.isArray(written)) throw new DynotuneError('internal', 'A tensor repeated is not one tensor.')
        return written
      })
      const product = stock.kernelFunc({ ...call, inputs: { ...inputs, a: whole, b: other } })
      for (const written of [whole, other]) if (written) backend.disposeData(written.dataId)
      return product
    }
    mended.add(kernelFunc)
    replaceKernel(tf, { ...stock, kernelFunc })
  }
}

/** The fields that kernels read, without those of a tensor. */
function viewOf({ dataId, shape, dtype }: TensorInfo): TensorInfo {
  return { dataId, shape, dtype }
}
