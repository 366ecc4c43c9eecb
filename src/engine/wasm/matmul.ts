import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'

/**
 * Makes gradients of matrix products fast on wasm.
 *
 * The back end hands a product of plain operands to XNNPACK, but one with a transposed operand to a naive triple loop,
 * some twenty times slower; and of the two products in the gradient of `a·b`, `dy·bᵀ` and `aᵀ·dy`, both are of that kind.
 * So the wasm kernel is replaced by one that writes the transposed operands out and then multiplies plainly. Mending the
 * kernel rather than the gradient leaves other back ends in the process alone (gradients are registered for all of them
 * at once), and reaches what does not pass through that gradient: `tf.fused.matMul`, `tf.einsum`, second derivatives.
 *
 * Results differ from the stock kernel's only by the order of summation.
 * @returns a function that puts the stock kernel back
 */
export function mendMatMul(tf: Tf): () => void {
  const stock = tf.getKernel('BatchMatMul', 'wasm')
  const transpose = tf.getKernel('Transpose', 'wasm')
  if (!stock || !transpose) throw new DynotuneError('internal', 'The wasm back end has not been registered.')

  const kernelFunc: KernelFunc = ({ inputs, backend, attrs }) => {
    const { a, b } = inputs
    if (!a || !b || !(backend instanceof tf.KernelBackend))
      throw new DynotuneError('internal', 'BatchMatMul wants a, b.')
    const written: TensorInfo[] = []
    const plain = (x: TensorInfo, transposed: unknown): TensorInfo => {
      if (!transposed) return x
      const perm = swapLastTwo(x.shape.length)
      const result = single(transpose.kernelFunc({ inputs: { x }, backend, attrs: { perm } }))
      written.push(result)
      return result
    }
    const operands = { a: plain(a, attrs?.transposeA), b: plain(b, attrs?.transposeB) }
    const product = stock.kernelFunc({ inputs: operands, backend, attrs: { transposeA: false, transposeB: false } })
    for (const { dataId } of written) backend.disposeData(dataId)
    return product
  }
  replace(tf, { ...stock, kernelFunc })
  return () => replace(tf, stock)
}

function replace(tf: Tf, config: Parameters<Tf['registerKernel']>[0]): void {
  tf.unregisterKernel(config.kernelName, config.backendName)
  tf.registerKernel(config)
}

function swapLastTwo(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i))
}

function single(result: TensorInfo | TensorInfo[]): TensorInfo {
  const [first] = Array.isArray(result) ? result : [result]
  if (!first) throw new DynotuneError('internal', 'A kernel returned nothing.')
  return first
}
