import type { KernelConfig } from '@tensorflow/tfjs-core'
import type { Tf } from '../study/engine.ts'

/** Registers a kernel in the place of the one that its back end has under that name, if it has one. */
export function replaceKernel(tf: Tf, config: KernelConfig): void {
  const { kernelName, backendName } = config
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName)
  tf.registerKernel(config)
}
