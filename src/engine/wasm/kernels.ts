import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { registerEinsum } from '../einsum.ts'
import { replaceKernel } from '../replace-kernel.ts'
import { binaryKernels, binaryText } from './binary.ts'
import { convolutionKernels } from './convolution.ts'
import { depthwiseKernels, depthwiseText } from './depthwise.ts'
import { elementwiseKernels } from './elementwise.ts'
import { GEMM_SCRATCH_BYTES, gemm } from './gemm.ts'
import { wasmHeap } from './heap.ts'
import type { KernelContext } from './kernel-context.ts'
import { layoutKernels } from './layout.ts'
import { lookupKernels, lookupText } from './lookup.ts'
import { matMulKernels, matMulText } from './matmul.ts'
import { moveText } from './move.ts'
import { normalizationKernels, normalizationText } from './normalization.ts'
import { partKernels } from './parts.ts'
import { patchesText } from './patches.ts'
import { poolingKernels, poolingText } from './pooling.ts'
import { reduceKernels, reduceText } from './reduce.ts'
import { replaceRowsKernels, replaceRowsText } from './replace-rows.ts'
import { unaryKernels, unaryText } from './unary.ts'
import { createCompiler } from './wat.ts'

const KERNELS = [
  matMulKernels,
  elementwiseKernels,
  layoutKernels,
  partKernels,
  convolutionKernels,
  depthwiseKernels,
  lookupKernels,
  replaceRowsKernels,
  poolingKernels,
  reduceKernels,
  unaryKernels,
  normalizationKernels,
  binaryKernels,
]
const TEXTS = [
  gemm,
  matMulText,
  moveText,
  patchesText,
  depthwiseText,
  lookupText,
  replaceRowsText,
  poolingText,
  reduceText,
  unaryText,
  normalizationText,
  binaryText,
]

/**
 * Replaces kernels of the wasm back end that training finds slow, and adds those that it finds missing. Kernels rather than
 * gradients are replaced: gradients are registered for all back ends at once, kernels for one, and they are reached
 * from everywhere: fused operations, second derivatives.
 */
export async function registerKernels(tf: Tf): Promise<void> {
  const heap = wasmHeap(tf)
  const compile = await createCompiler(heap.memory)
  const native = compile(TEXTS.map((text) => text()).join('\n'))
  const stock = new Map(tf.getKernelsForBackend('wasm').map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]))
  const context: KernelContext = {
    tf,
    heap,
    compile,
    native,
    scratch: heap.allocate(GEMM_SCRATCH_BYTES),
    run(kernel, inputs, attrs = {}) {
      const config = tf.getKernel(kernel, 'wasm')
      const result = config?.kernelFunc({ inputs, attrs, backend: tf.findBackend('wasm') })
      if (!result || Array.isArray(result)) throw unexpected(kernel)
      return result
    },
    stock(kernel) {
      const found = stock.get(kernel)
      if (!found) throw unexpected(kernel)
      return found
    },
  }
  for (const kernels of KERNELS) {
    for (const [kernelName, kernelFunc] of Object.entries(kernels(context))) {
      replaceKernel(tf, { kernelName, backendName: 'wasm', kernelFunc })
    }
  }
  registerEinsum(tf, 'wasm')
}

function unexpected(kernel: string): DynotuneError {
  return new DynotuneError('internal', `The kernel ${kernel} is not as expected.`)
}
