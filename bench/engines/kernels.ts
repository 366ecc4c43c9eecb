import type { Tf } from '../../src/study/engine.ts'

/** What the kernels of one name took since they were watched. */
export interface KernelTime {
  readonly name: string
  readonly calls: number
  /** Milliseconds until their functions returned, without the kernels that these called in turn. */
  readonly ms: number
}

/**
 * Times every kernel of the current back end on the host from now on. On an engine that computes in the call that is the
 * computation; on a GPU it is the encoding of commands. What an engine spends outside of kernels is the tape, tensors and
 * their bookkeeping.
 * @returns reads the times so far, longest first
 */
export function watchKernels(tf: Tf): () => KernelTime[] {
  const times = new Map<string, { calls: number; ms: number }>()
  // What is spent in kernels called by the one that runs.
  let inner = 0
  for (const config of tf.getKernelsForBackend(tf.getBackend())) {
    const time = { calls: 0, ms: 0 }
    times.set(config.kernelName, time)
    tf.unregisterKernel(config.kernelName, config.backendName)
    tf.registerKernel({
      ...config,
      kernelFunc(args) {
        const [outer, began] = [inner, performance.now()]
        inner = 0
        try {
          return config.kernelFunc(args)
        } finally {
          const whole = performance.now() - began
          time.calls++
          time.ms += whole - inner
          inner = outer + whole
        }
      },
    })
  }
  return () =>
    [...times]
      .filter(([, { calls }]) => calls > 0)
      .map(([name, { calls, ms }]) => ({ name, calls, ms }))
      .sort((a, b) => b.ms - a.ms)
}
