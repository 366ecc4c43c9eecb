import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { loadOperations } from '../../src/engine/operations.ts'
import type { Tf } from '../../src/study/engine.ts'

/**
 * The wasm back end as it ships, none of its kernels mended: what the engine is measured against. For a kernel that it
 * lacks, the plain JavaScript one of the cpu back end, with what it reads and writes moved over.
 */
export async function loadStockWasm(): Promise<Tf> {
  const tf = await loadOperations()
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), '/'))
  await import('@tensorflow/tfjs-backend-cpu')
  // On its first tensor it would print an advertisement for tfjs-node.
  Reflect.set(tf.findBackend('cpu'), 'firstUse', false)
  await tf.setBackend('wasm')
  const present = new Set(tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName))
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (!present.has(kernel.kernelName)) tf.registerKernel(movedOver(tf, kernel))
  }
  return tf
}

function movedOver(tf: Tf, { kernelName, kernelFunc: compute }: KernelConfig): KernelConfig {
  const kernelFunc: KernelFunc = ({ inputs, attrs }) => {
    const [cpu, wasm] = [tf.findBackend('cpu'), tf.findBackend('wasm')]
    const move = ({ dataId, shape, dtype }: TensorInfo, from: typeof cpu, to: typeof cpu): TensorInfo => {
      const values = from.readSync(dataId)
      return { dataId: to.write(values, shape, dtype), shape, dtype }
    }
    const operands: Record<string, TensorInfo> = {}
    for (const [name, input] of Object.entries(inputs)) if (input) operands[name] = move(input, wasm, cpu)
    const outcome = compute({ inputs: operands, backend: cpu, ...(attrs && { attrs }) })
    const results = Array.isArray(outcome) ? outcome : [outcome]
    const moved = results.map((result) => move(result, cpu, wasm))
    for (const { dataId } of [...Object.values(operands), ...results]) cpu.disposeData(dataId)
    return Array.isArray(outcome) ? moved : (moved[0] ?? [])
  }
  return { kernelName, backendName: 'wasm', kernelFunc }
}
