/*
 * One row of the benchmark in a process of its own: an engine trains a model at a batch size. Prints a line of JSON.
 *
 *   node bench/engines/row.ts ENGINE [MODEL BATCH SECONDS [profile]]
 *
 * Without a model it only says what the engine is.
 */
import { readFileSync, writeSync } from 'node:fs'
import type { Tf } from '../../src/study/engine.ts'
import { openEngine } from './engine.ts'
import { watchKernels } from './kernels.ts'
import { measure } from './measure.ts'
import { flopsOfStep, isModelName, MODELS } from './models/models.ts'
import { profile } from './profile.ts'
import { startTraining, type Training } from './training.ts'

const [name = '', model = '', batch = '', seconds = '', wish] = process.argv.slice(2)
try {
  answer(model === '' ? await described() : await row(Number(batch), Number(seconds)))
} catch (error) {
  answer({ error: error instanceof Error ? error.message : String(error) })
}
// An engine may leave threads and timers of its own.
process.exit()

async function described() {
  const { tf, device, deviceKind, versions } = await openEngine(name)
  return { device, deviceKind, versions: { tfjs: tf.version_core, ...versions } }
}

async function row(rows: number, time: number) {
  if (!isModelName(model)) throw new RangeError(`There is no model ${model}.`)
  const { tf, device, deviceKind, synchronize } = await openEngine(name)
  const training = startTraining(tf, MODELS[model], rows)
  const timing = await measure({ deviceKind, synchronize }, training, time)
  if (!Number.isFinite(timing.loss)) throw new Error(`The loss became ${timing.loss}.`)
  const memory = tf.memory()
  const result = {
    engine: name,
    device,
    model,
    batch: rows,
    parameters: training.parameters,
    steps: timing.steps,
    stepMs: timing.step.median,
    stepMsLow: timing.step.low,
    stepMsHigh: timing.step.high,
    gradientsMs: timing.gradients,
    optimizerMs: timing.step.median - timing.gradients,
    gflops: flopsOfStep(MODELS[model], rows) / timing.step.median / 1e6,
    loss: timing.loss,
    residentBytes: peakMemory(),
    deviceBytes: Reflect.get(memory, 'numBytesAllocatedInGPU') ?? memory.numBytes,
  }
  const some = Math.max(1, Math.min(20, Math.round(1000 / timing.step.median)))
  const hostMs = deviceKind === 'processor' ? outsideKernels(tf, training, timing.steps > 1 ? some : 0) : timing.call
  if (wish !== 'profile') return { ...result, hostMs }
  return { ...result, hostMs, profile: await profile(tf, training, synchronize, some) }
}

/** Milliseconds of a step that no kernel accounts for; NaN of no steps. */
function outsideKernels(tf: Tf, training: Training, steps: number): number {
  const kernels = watchKernels(tf)
  const began = performance.now()
  for (let i = 0; i < steps; i++) training.step()
  const inKernels = kernels().reduce((sum, { ms }) => sum + ms, 0)
  return (performance.now() - began - inKernels) / steps
}

/** Of this process, in bytes, as Linux has it. */
function peakMemory(): number {
  try {
    return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
  } catch {
    return 1024 * process.resourceUsage().maxRSS
  }
}

function answer(result: unknown): void {
  writeSync(1, `${JSON.stringify(result)}\n`)
}
