import type { KernelFunc } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { elementwiseKernels } from './elementwise.ts'
import { GEMM_SCRATCH_BYTES, gemm } from './gemm.ts'
import { wasmHeap } from './heap.ts'
import type { KernelContext } from './kernel-context.ts'
import { matMulKernels, matMulText } from './matmul.ts'
import { createCompiler } from './wat.ts'

/**
 * Replaces kernels of the wasm back end that training finds slow, and adds those that it finds missing. Kernels rather than
 * gradients are replaced: gradients are registered for all back ends at once, kernels for one, and they are reached
 * from everywhere: fused operations, second derivatives.
 */
export async function registerKernels(tf: Tf): Promise<void> {
  const heap = wasmHeap(tf)
  const compile = await createCompiler(heap.memory)
  const native = compile([gemm(), matMulText()].join('\n'))
  const run: KernelContext['run'] = (kernel, inputs, attrs = {}) => {
    const config = tf.getKernel(kernel, 'wasm')
    const result = config?.kernelFunc({ inputs, attrs, backend: tf.findBackend('wasm') })
    if (!result || Array.isArray(result))
      throw new DynotuneError('internal', `The kernel ${kernel} is not as expected.`)
    return result
  }
  const context = { tf, heap, compile, native, run, scratch: heap.allocate(GEMM_SCRATCH_BYTES) }
  const kernels = { ...matMulKernels(context), ...elementwiseKernels(context) }
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) replace(tf, kernelName, kernelFunc)
}

function replace(tf: Tf, kernelName: string, kernelFunc: KernelFunc): void {
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc })
}
