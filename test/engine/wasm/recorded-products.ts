import type { Tf } from '../../../src/study/engine.ts'

/** Puts a recorder before the matrix product that wasm has now; what it is called with appears in the list. */
export function recordProducts(tf: Pick<Tf, 'getKernel' | 'registerKernel' | 'unregisterKernel'>): unknown[] {
  const below = tf.getKernel('BatchMatMul', 'wasm')
  const seen: unknown[] = []
  tf.unregisterKernel('BatchMatMul', 'wasm')
  tf.registerKernel({
    ...below,
    kernelFunc: (params) => {
      seen.push(params.attrs)
      return below.kernelFunc(params)
    },
  })
  return seen
}
