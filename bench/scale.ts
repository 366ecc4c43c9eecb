/*
 * What workers over Redis cost and how far one scheduler reaches: no-op trials a second beside raw BullMQ, the time from a
 * trial's end to the next one's start, and 10 to 1,000 slots under one scheduler.
 *
 *   node bench/scale.ts [--only throughput,latency,slots] [--trials N] [--slots LIST] [--seconds N] [--python PATH] [--out FOLDER]
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { importStudy } from '../src/runner/study-module.ts'
import { openRun } from '../src/scheduler/run-study.ts'
import { openStore } from '../src/store/store.ts'
import { startRedis } from '../test/helpers/redis.ts'
import { describeMachine, kindOf } from './engines/machine.ts'
import { type Results, type SlotsRow, toMarkdown } from './scale/report.ts'

const PARTS = ['throughput', 'latency', 'slots'] as const
const NOOP = new URL('./studies/noop.ts', import.meta.url).href
const MOMENTS = new URL('./studies/moments.ts', import.meta.url).href
const WORKERS = [1, 2, 4, 8]
const SLOTS = [10, 30, 100, 300, 1000]
/** Of a trial on an imitated slot. */
const TRIAL_SECONDS = 10
const SLOTS_A_WORKER = 10

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: PARTS.join() },
    trials: { type: 'string', default: '16000' },
    seconds: { type: 'string', default: '40' },
    slots: { type: 'string', default: SLOTS.join() },
    python: { type: 'string', default: 'python3' },
    out: { type: 'string', default: fileURLToPath(new URL('./results', import.meta.url)) },
  },
})
const trials = Number(options.trials)
const seconds = Number(options.seconds)
const machine = describeMachine()
const file = join(options.out, `scale-${kindOf(machine)}`)
const folder = mkdtempSync(join(tmpdir(), 'dynotune-scale-'))
const redis = await startRedis()
const children = new Set<ChildProcess>()

try {
  const results: Results = { ...earlier(), machine, date: new Date().toISOString().slice(0, 10) }
  for (const part of options.only.split(',')) {
    if (part === 'throughput') {
      results.throughput = []
      const peer = optuna()
      if (peer) results.peer = peer
      for (const workers of WORKERS) {
        const raw = await rawRate(workers)
        const imitated = await ourRate(workers, 0)
        const real = await ourRate(workers)
        results.throughput.push({ workers, raw, imitated, real })
        console.log(results.throughput.at(-1))
      }
    } else if (part === 'latency') {
      results.latency = await turnaround()
      console.log(results.latency)
    } else if (part === 'slots') {
      results.slots = []
      for (const slots of options.slots.split(',').map(Number)) {
        results.slots.push(await reach(slots))
        console.log(results.slots.at(-1))
      }
    } else throw new RangeError(`--only: there is no ${part}; there are ${PARTS.join(', ')}`)
    mkdirSync(options.out, { recursive: true })
    writeFileSync(`${file}.json`, `${JSON.stringify(results, undefined, 2)}\n`)
    await toMarkdown(results, file)
  }
  console.log(`\n${basename(file)}.md, .json`)
} finally {
  for (const child of children) child.kill('SIGKILL')
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** Optuna's trials a second through its journal in the same Redis, in one process; undefined where it is not there. */
function optuna(): Results['peer'] {
  const script = fileURLToPath(new URL('./peers/optuna_trials.py', import.meta.url))
  try {
    return JSON.parse(
      execFileSync(options.python, [script, redis.url], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )
  } catch {
    console.log('Optuna is not beside: pip install optuna redis, or --python PATH')
    return undefined
  }
}

function earlier(): Partial<Results> {
  return existsSync(`${file}.json`) ? JSON.parse(readFileSync(`${file}.json`, 'utf8')) : {}
}

/** A process of `scale/` that has joined, and its end. */
async function launch(script: string, about: object): Promise<() => Promise<void>> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL(`./scale/${script}.ts`, import.meta.url)), JSON.stringify(about)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  children.add(child)
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text) => String(text).includes('joined') && resolve())
    child.once('exit', () => reject(new Error(`${script} ended before it joined`)))
  })
  return () =>
    new Promise((resolve) => {
      children.delete(child)
      child.once('exit', () => resolve())
      child.kill()
    })
}

/** Jobs a second through BullMQ alone, from the first added to the last completed; as many on their way as we allow. */
async function rawRate(workers: number): Promise<number> {
  const name = `raw-${randomBytes(4).toString('hex')}`
  const ends = await Promise.all(
    Array.from({ length: workers }, () => launch('raw', { url: redis.url, name, concurrency: 1 })),
  )
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
  const queue = new Queue(name, { connection })
  const payload = { body: 'x'.repeat(400), signature: 'f'.repeat(64) }
  const began = performance.now()
  const jobOptions = { removeOnComplete: true, removeOnFail: true }
  for (let i = 0; i < trials; i += 100)
    await Promise.all(Array.from({ length: 100 }, () => queue.add('trial', payload, { ...jobOptions, priority: 1000 })))
  for (;;) {
    const counts = await queue.getJobCounts('waiting', 'prioritized', 'active')
    if (Object.values(counts).every((count) => count === 0)) break
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const rate = trials / ((performance.now() - began) / 1000)
  await queue.obliterate({ force: true })
  await queue.close()
  connection.disconnect()
  for (const end of ends) await end()
  return rate
}

function shared() {
  return { url: redis.url, prefix: `scale-${randomBytes(4).toString('hex')}`, secret: randomBytes(16).toString('hex') }
}

/** Trials a second, each committed to the store; through trainer processes, or imitated ones that take no time. */
async function ourRate(workers: number, imitated?: number): Promise<number> {
  const common = shared()
  const about = { ...common, slots: 1, engine: 'cpu', workers: 1, cache: folder, seconds: imitated }
  const ends = await Promise.all(Array.from({ length: workers }, () => launch('workers', about)))
  const finished: number[] = []
  await run(NOOP, common, trials, ({ type }) => {
    if (type === 'finished') finished.push(performance.now())
  })
  for (const end of ends) await end()
  // From then on all trainers are up, as in any study of some length.
  const from = Math.floor(finished.length / 10)
  return (finished.length - 1 - from) / (((finished.at(-1) ?? 0) - (finished[from] ?? 0)) / 1000)
}

type OnProgress = NonNullable<Parameters<typeof openRun>[0]['onProgress']>

async function run(
  module: string,
  common: ReturnType<typeof shared>,
  count: number,
  onProgress: OnProgress,
  time?: number,
) {
  const store = openStore(join(folder, `${common.prefix}.db`))
  const study = await importStudy(module)
  const { definition } = study
  const budget = { trials: count, ...(time !== undefined && { time }) }
  const opened = openRun({
    ...{ study, module, store, redis: common, onProgress },
    overrides: { ...definition, budget, parallel: 100_000 },
  })
  await opened.run()
  store.close()
}

/** Milliseconds from a trial that does nothing to the next in the same trainer. */
async function turnaround() {
  const common = shared()
  const end = await launch('workers', { ...common, slots: 1, engine: 'cpu', workers: 1, cache: folder })
  const moments: number[] = []
  await run(MOMENTS, common, trials, (event) => {
    if (event.type === 'finished') moments.push(event.trial.value ?? Number.NaN)
  })
  await end()
  moments.sort((a, b) => a - b)
  const waits = moments.slice(1).map((at, i) => at - (moments[i] ?? 0))
  return { count: waits.length, p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) }
}

/** One scheduler and that many slots whose trials take ten seconds. */
async function reach(slots: number): Promise<SlotsRow> {
  const common = shared()
  const workers = Math.ceil(slots / SLOTS_A_WORKER)
  const end = await launch('workers', {
    ...{ ...common, slots: Math.min(slots, SLOTS_A_WORKER), workers, seconds: TRIAL_SECONDS, cache: folder },
  })
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const lags: number[] = []
  const idle: number[] = []
  const freed = new Map<number, number>()
  const began = performance.now()
  let finished = 0
  const warm = () => performance.now() - began > 1000 * (TRIAL_SECONDS + 2)
  await run(
    NOOP,
    common,
    1_000_000,
    (event) => {
      const now = performance.now()
      if (event.type === 'started') {
        const since = freed.get(event.trainer)
        if (since !== undefined && warm()) idle.push(now - since)
      } else if (event.type === 'finished') {
        finished++
        const ended = Number(event.trial.value) - performance.timeOrigin
        if (event.trainer !== undefined) freed.set(event.trainer, ended)
        if (warm()) lags.push(now - ended)
      }
      if (warm()) delay.enable()
    },
    seconds + TRIAL_SECONDS,
  )
  await end()
  return {
    ...{ slots, finished },
    lagP50: quantile(lags, 0.5),
    lagP99: quantile(lags, 0.99),
    blockedP99: delay.percentile(99) / 1e6,
    idleShare: idle.reduce((sum, ms) => sum + ms, 0) / Math.max(1, idle.length) / (1000 * TRIAL_SECONDS),
  }
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN
}
