import type { Tf } from '../../study/engine.ts'

/** The version of the TensorFlow library under tfjs-node's back end; empty when it does not say. */
export function libraryVersion(tf: Tf): string {
  const binding: unknown = Reflect.get(backendOf(tf), 'binding')
  return typeof binding === 'object' && binding !== null ? String(Reflect.get(binding, 'TF_Version') ?? '') : ''
}

/** Whether that library computes on a GPU. */
export function isOnGpu(tf: Tf): boolean {
  return Reflect.get(backendOf(tf), 'isUsingGpuDevice') === true
}

function backendOf(tf: Tf): object {
  return tf.findBackend('tensorflow') ?? {}
}
