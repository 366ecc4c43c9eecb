import { availableParallelism } from 'node:os'
import { selectGpu } from '../engine/tensorflow/gpu.ts'
import { addressOf } from '../queue/redis/url.ts'
import { readSecret } from '../runner/signature.ts'
import type { EngineName } from '../study/engine.ts'
import type { RunningWorker, WorkerLog } from '../worker/contract.ts'
import { startWorker } from '../worker/worker.ts'
import { findGpus, type GpuDevice } from './doctor/gpus.ts'
import { EXIT } from './exit.ts'
import { bytes, duration, keyPart, labels, redisUrl, wholeNumber, wholeNumbers } from './options.ts'
import { serveStatus } from './status/serve.ts'
import { observeWorker } from './status/worker.ts'
import { createWorkerView } from './views/worker.ts'

export interface WorkerArguments {
  readonly redis: string | undefined
  readonly slots: string | undefined
  readonly engine: EngineName | undefined
  readonly devices: string | undefined
  readonly 'gpu-memory': string | undefined
  readonly class: string
  readonly label: readonly string[] | undefined
  readonly prefix: string
  readonly name: string | undefined
  readonly 'trust-unsigned': boolean
  readonly grace: string
  readonly http: string | undefined
  readonly json: boolean
}

/** `dynotune worker`: joins, works until it is asked to leave. Returns the exit code. */
export async function workerCommand(args: WorkerArguments): Promise<number> {
  const { engine, 'trust-unsigned': trustUnsigned } = args
  const url = redisUrl(args.redis)
  const address = addressOf(url)
  const grace = (duration('--grace', args.grace, 0) ?? 0) * 1000
  const port = wholeNumber('--http', args.http, 0, 65_535)
  const name = keyPart('--name', args.name)
  const asked = { slots: wholeNumber('--slots', args.slots, 1), devices: wholeNumbers('--devices', args.devices) }
  const { devices: gpus } = engine === 'wasm' || engine === 'cpu' ? { devices: [] } : await findGpus()
  const places = placesFor(asked, visibleAmong(gpus))
  const gpuMemory = bytes('--gpu-memory', args['gpu-memory']) ?? slotMemory(places, gpus)
  const options = {
    ...{ url, trustUnsigned, secret: readSecret(), labels: labels('--label', args.label) },
    ...{
      prefix: keyPart('--prefix', args.prefix),
      classes: args.class.split(',').map((each) => keyPart('--class', each)),
    },
    ...(name !== undefined && { name }),
    ...(engine !== undefined && { engine }),
    ...places,
    gpuMemory,
  }
  const view = createWorkerView(args.json, address)
  const leaving = leaveOnSignals(grace, view.log)
  try {
    const worker = await startWorker({ ...options, log: view.log })
    view.begin(worker)
    leaving.begin(worker)
    const status = port === undefined ? undefined : await statusOf(worker, port, view.log)
    try {
      await worker.ended
    } finally {
      await status?.close()
    }
  } finally {
    leaving.end()
    view.end()
  }
  return leaving.atOnce() ? EXIT.interrupted : EXIT.done
}

async function statusOf(worker: RunningWorker, wanted: number, log: WorkerLog) {
  try {
    const status = await serveStatus(observeWorker(worker), { port: wanted })
    log.info({ port: status.port }, 'answers /healthz and /metrics on 127.0.0.1')
    return status
  } catch (error) {
    await worker.close()
    throw error
  }
}

/** How many trials at once, and on which GPUs. */
export interface Places {
  readonly slots: number
  readonly devices?: readonly number[]
}

/** What the user says; else a slot for each GPU, or for two cores each. */
export function placesFor(
  asked: { readonly [K in keyof Places]: Places[K] | undefined },
  gpus: readonly number[],
  cores = availableParallelism(),
): Places {
  const devices = asked.devices ?? gpus
  if (devices.length === 0) return { slots: asked.slots ?? Math.max(1, Math.floor(cores / 2)) }
  return { slots: asked.slots ?? devices.length, devices }
}

/** The GPUs, counted from 0, that `CUDA_VISIBLE_DEVICES` leaves. */
function visibleAmong(gpus: readonly GpuDevice[]): number[] {
  const names = gpus.map(({ name }) => name)
  return [...names.keys()].filter((device) => isVisible(device, names))
}

/** Bytes of GPU memory for each slot, of the smallest GPU where they differ; 0 where it is not known. */
export function slotMemory({ slots, devices = [] }: Places, gpus: readonly Pick<GpuDevice, 'memory'>[]): number {
  if (devices.length === 0 || gpus.length === 0) return 0
  // Devices are counted among the visible ones, which may be any.
  const least = Math.min(...gpus.map(({ memory = 0 }) => memory))
  return Math.floor(least / Math.ceil(slots / new Set(devices).size))
}

/** Whether `CUDA_VISIBLE_DEVICES` leaves a GPU of this number. */
export function isVisible(device: number, names: readonly string[], env = process.env): boolean {
  try {
    return selectGpu(device, env, names).variables.CUDA_VISIBLE_DEVICES !== undefined
  } catch {
    return false
  }
}

/** SIGTERM and the first Ctrl-C: leave in peace. The second Ctrl-C: leave now. They may come before there is a worker. */
function leaveOnSignals(graceMs: number, log: WorkerLog) {
  let worker: RunningWorker | undefined
  let asked = false
  let interrupts = 0
  const leave = () => {
    if (interrupts > 1) void worker?.close()
    // Fails when it is overtaken by leaving at once.
    else worker?.drain(graceMs).catch(() => worker?.close())
  }
  const onTerminate = () => {
    if (asked) return
    asked = true
    leave()
  }
  const onInterrupt = () => {
    interrupts++
    if (interrupts > 1) return leave()
    log.info({}, 'lets the running trials finish; Ctrl-C again stops at once')
    onTerminate()
  }
  process.on('SIGTERM', onTerminate)
  process.on('SIGINT', onInterrupt)
  return {
    begin(started: RunningWorker) {
      worker = started
      if (asked) leave()
    },
    atOnce: () => interrupts > 1,
    end() {
      process.off('SIGTERM', onTerminate)
      process.off('SIGINT', onInterrupt)
    },
  }
}
