import { type Around, intercept, property } from './intercept.ts'

/** What the host asked of the GPU. */
export interface GpuCounts {
  readonly dispatches: number
  readonly submits: number
  /** Buffers made anew, rather than used again. */
  readonly buffers: number
  /** Bytes sent, the parameters of each dispatch included. */
  readonly uploaded: number
}

/**
 * Counts what WebGPU is asked for from now on.
 * @returns ends the counting
 */
export async function countGpuCalls(): Promise<() => GpuCounts> {
  const counts = { dispatches: 0, submits: 0, buffers: 0, uploaded: 0 }
  const counting =
    (count: (args: readonly unknown[]) => void): Around =>
    (call, args) => {
      count(args)
      return call(...args)
    }
  const restore = [
    await intercept(
      'GPUComputePassEncoder',
      'dispatchWorkgroups',
      counting(() => counts.dispatches++),
    ),
    await intercept(
      'GPUQueue',
      'submit',
      counting(() => counts.submits++),
    ),
    await intercept(
      'GPUQueue',
      'writeBuffer',
      counting(([, , data, , size]) => {
        counts.uploaded += typeof size === 'number' ? size : bytesOf(data)
      }),
    ),
    await intercept(
      'GPUDevice',
      'createBuffer',
      counting(([descriptor]) => {
        counts.buffers++
        if (property(descriptor, 'mappedAtCreation') === true) counts.uploaded += Number(property(descriptor, 'size'))
      }),
    ),
  ]
  return () => {
    for (const each of restore) each()
    return counts
  }
}

function bytesOf(data: unknown): number {
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? data.byteLength : 0
}
