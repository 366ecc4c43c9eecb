import type { Tf } from '../../src/study/engine.ts'
import { intercept, property } from './intercept.ts'

/** Calls and milliseconds on the GPU of the programs of one name. */
export interface ProgramTime {
  readonly name: string
  readonly calls: number
  readonly ms: number
}

/** A set of timestamps has room for 4096, and a dispatch takes two. */
const ROOM = 2048

/**
 * The time that each program of some work takes on the GPU, longest first, by timestamps around every dispatch, which is
 * given a pass of its own. Dawn rounds timestamps to 0.07 ms unless told otherwise, so only sums over many calls mean
 * anything. Dispatches past the first 2048 are not timed. Empty where the device has no timestamps.
 */
export async function timePrograms(tf: Tf, work: () => void): Promise<ProgramTime[]> {
  const device = deviceOf(tf)
  if (!device?.features.has('timestamp-query')) return []
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * ROOM })
  const names: string[] = []
  const restore = [
    await intercept('GPUCommandEncoder', 'beginComputePass', (call) => {
      if (names.length === ROOM) return call()
      const index = 2 * (names.push('unnamed') - 1)
      return call({ timestampWrites: { querySet, beginningOfPassWriteIndex: index, endOfPassWriteIndex: index + 1 } })
    }),
    await intercept('GPUComputePassEncoder', 'setPipeline', (call, args) => {
      const label = property(args[0], 'label')
      if (names.length < ROOM && typeof label === 'string' && label !== '') names[names.length - 1] = label
      return call(...args)
    }),
  ]
  const batch = 'WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE'
  const before = tf.env().getNumber(batch)
  // From here on the back end ends a pass after each dispatch.
  tf.env().set(batch, 1)
  try {
    work()
  } finally {
    tf.env().set(batch, before)
    for (const each of restore) each()
  }
  const times = await readTimestamps(device, querySet, 2 * names.length)
  querySet.destroy()
  return sumByName(names, times)
}

/** Nanoseconds. */
async function readTimestamps(device: GPUDevice, querySet: GPUQuerySet, count: number): Promise<number[]> {
  if (count === 0) return []
  const size = 8 * count
  const resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC })
  const readable = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const encoder = device.createCommandEncoder()
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0)
  encoder.copyBufferToBuffer(resolved, 0, readable, 0, size)
  device.queue.submit([encoder.finish()])
  await readable.mapAsync(GPUMapMode.READ)
  const times = Array.from(new BigUint64Array(readable.getMappedRange()), Number)
  resolved.destroy()
  readable.destroy()
  return times
}

function sumByName(names: readonly string[], times: readonly number[]): ProgramTime[] {
  const sums = new Map<string, { calls: number; ms: number }>()
  names.forEach((name, i) => {
    const { calls, ms } = sums.get(name) ?? { calls: 0, ms: 0 }
    sums.set(name, { calls: calls + 1, ms: ms + ((times[2 * i + 1] ?? 0) - (times[2 * i] ?? 0)) / 1e6 })
  })
  return [...sums].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => b.ms - a.ms)
}

function deviceOf(tf: Tf): GPUDevice | undefined {
  const device: unknown = Reflect.get(tf.backend(), 'device')
  return isDevice(device) ? device : undefined
}

function isDevice(value: unknown): value is GPUDevice {
  return property(value, 'features') !== undefined && typeof property(value, 'createQuerySet') === 'function'
}
