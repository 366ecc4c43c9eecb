import type { Tf } from '../../src/study/engine.ts'
import { countGpuCalls, type GpuCounts } from './gpu-counts.ts'
import { type ProgramTime, timePrograms } from './gpu-programs.ts'
import { type KernelTime, watchKernels } from './kernels.ts'
import type { Training } from './training.ts'

/** What a step is made of; times and counts are of one step. */
export interface Profile {
  /** With all the watching. */
  readonly stepMs: number
  /** On the host, longest first. */
  readonly kernels: readonly KernelTime[]
  readonly gpu?: GpuCounts
  /** On the GPU, longest first. */
  readonly programs?: readonly ProgramTime[]
}

/** Watches some steps. The kernels of the back end stay watched: for a process that ends afterwards. */
export async function profile(
  tf: Tf,
  training: Training,
  synchronize: () => Promise<void>,
  steps: number,
): Promise<Profile> {
  const onGpu = tf.getBackend() === 'webgpu'
  const [kernels, counts] = [watchKernels(tf), onGpu ? await countGpuCalls() : undefined]
  await synchronize()
  const began = performance.now()
  for (let i = 0; i < steps; i++) training.step()
  const gpu = counts?.()
  await synchronize()
  const result = { stepMs: (performance.now() - began) / steps, kernels: perStep(kernels(), steps) }
  if (!gpu) return result
  // A set of timestamps holds few steps, but rounded times want many.
  const programs: ProgramTime[] = []
  for (let i = 0; i < steps; i++) programs.push(...(await timePrograms(tf, () => training.step())))
  return {
    ...result,
    gpu: {
      dispatches: gpu.dispatches / steps,
      submits: gpu.submits / steps,
      buffers: gpu.buffers / steps,
      uploaded: gpu.uploaded / steps,
    },
    programs: perStep(merge(programs), steps),
  }
}

function perStep(times: readonly KernelTime[], steps: number): KernelTime[] {
  return times
    .map(({ name, calls, ms }) => ({ name, calls: calls / steps, ms: ms / steps }))
    .sort((a, b) => b.ms - a.ms)
}

/** One entry a name. */
function merge(times: readonly ProgramTime[]): ProgramTime[] {
  return [...Map.groupBy(times, ({ name }) => name)].map(([name, same]) => ({
    name,
    calls: same.reduce((sum, { calls }) => sum + calls, 0),
    ms: same.reduce((sum, { ms }) => sum + ms, 0),
  }))
}
