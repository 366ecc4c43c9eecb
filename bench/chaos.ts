/*
 * Whether anything is lost or counted twice while everything is killed: workers, trainers and the scheduler with -9 or stopped
 * for a while, Redis restarted and cut off. Prints what was done and what was found; exits with 1 when a promise was broken.
 *
 *   node bench/chaos.ts [--minutes 30] [--trials 2000] [--workers 6] [--seed N] [--every SECONDS] [--away SECONDS] [--cut SECONDS] [--quick] [--lossy]
 *                       [--verbose]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { createRandom } from '../src/numerics/random.ts'
import { importStudy } from '../src/runner/study-module.ts'
import { createTuner } from '../src/scheduler/tuner.ts'
import { openStore } from '../src/store/store.ts'
import { isFinal } from '../src/study/view.ts'
import { isAlive } from '../test/helpers/processes.ts'
import { startRedis } from '../test/helpers/redis.ts'

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    trials: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    /** Seconds from one disturbance to the next, on average. */
    every: { type: 'string', default: '10' },
    /** For how long a process is stopped, and Redis cut off. */
    away: { type: 'string', default: '90' },
    cut: { type: 'string', default: '20' },
    /** Whether Redis loses everything when it is restarted. */
    /** Whether silence is noticed within seconds rather than the half minute of users. */
    quick: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    lossy: { type: 'boolean', default: false },
  },
})
const { minutes, trials, workers, every, away, cut } = {
  ...{ minutes: Number(options.minutes), trials: Number(options.trials), workers: Number(options.workers) },
  ...{ every: Number(options.every), away: Number(options.away), cut: Number(options.cut) },
}
const random = createRandom(Number(options.seed), 0, 'bench/chaos')
const MODULE = new URL('./studies/chaos.ts', import.meta.url).href
const PROCESSES = fileURLToPath(new URL('../test/fixtures/processes/', import.meta.url))
/** By which all processes are found again, whoever started them. */
const MARK = `DYNOTUNE_CHAOS=${randomBytes(8).toString('hex')}`

const study = await importStudy(MODULE)
const folder = mkdtempSync(join(tmpdir(), 'dynotune-chaos-'))
const db = join(folder, 'studies.db')
const redis = await startRedis({ aof: !options.lossy })
const common = { url: redis.url, prefix: 'chaos', secret: randomBytes(16).toString('hex') }
const patience = options.quick
  ? { worker: { lockMs: 3000, announceMs: 500, absentAfterMs: 2500 }, run: { everyMs: 300, lostAfterMs: 1500 } }
  : { worker: {}, run: {} }
const done: Record<string, number> = {}
const broken: string[] = []
const began = performance.now()
const deadline = began + minutes * 60_000
let over = false

const crew = Array.from({ length: workers }, () =>
  launch('worker', [JSON.stringify({ ...common, ...patience.worker, slots: 1, engine: 'cpu', cache: folder })]),
)
let scheduler = launch('run', [MODULE, db, JSON.stringify({ ...common, ...patience.run }), String(trials)])

try {
  const keeping = keepUp()
  while (performance.now() < deadline && !isOver()) {
    await sleep(1000 * every * (0.25 + 1.5 * random.next()))
    if (!isOver()) await disturb()
  }
  over = true
  await keeping
  if (!hasEnded(scheduler)) await ended(scheduler, 600)
  for (let tries = 0; !isOver() && tries < 5; tries++) {
    scheduler = launch('run', [MODULE, db, JSON.stringify({ ...common, ...patience.run }), String(trials)])
    await ended(scheduler, 600)
  }
  await examine()
} finally {
  over = true
  for (const child of [...crew, scheduler]) child.kill('SIGKILL')
  for (const pid of marked()) process.kill(pid, 'SIGKILL')
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
}
const seconds = (performance.now() - began) / 1000
console.log(JSON.stringify({ seconds: Math.round(seconds), trials, done, broken }))
process.exitCode = broken.length > 0 ? 1 : 0

function launch(script: string, words: readonly string[]): ChildProcess {
  const [name = '', value = ''] = MARK.split('=')
  const env = { ...process.env, [name]: value }
  return spawn(process.execPath, [join(PROCESSES, `${script}.ts`), ...words], {
    // Of one that finds Redis away the error is expected.
    stdio: options.verbose ? 'inherit' : 'ignore',
    env,
  })
}

/** Starts again what has ended; the scheduler as whoever finds it dead would. */
async function keepUp(): Promise<void> {
  while (!over) {
    await sleep(500)
    crew.forEach((child, i) => {
      if (hasEnded(child))
        crew[i] = launch('worker', [
          JSON.stringify({ ...common, ...patience.worker, slots: 1, engine: 'cpu', cache: folder }),
        ])
    })
    if (hasEnded(scheduler) && !isOver())
      scheduler = launch('run', [MODULE, db, JSON.stringify({ ...common, ...patience.run }), String(trials)])
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function ended(child: ChildProcess, limit: number): Promise<void> {
  const until = performance.now() + limit * 1000
  while (!hasEnded(child) && performance.now() < until) await sleep(100)
  if (!hasEnded(child)) broken.push(`the scheduler did not end within ${limit} s after the last disturbance`)
}

async function disturb(): Promise<void> {
  const worker = crew[random.int(crew.length)]
  const kinds = [
    'worker killed',
    'worker killed',
    'trainer killed',
    'trainer killed',
    'worker stopped',
    'scheduler killed',
    'scheduler stopped',
    'Redis restarted',
    'Redis cut off',
  ] as const
  const kind = kinds[random.int(kinds.length)] ?? 'worker killed'
  done[kind] = (done[kind] ?? 0) + 1
  if (kind === 'worker killed') worker?.kill('SIGKILL')
  else if (kind === 'trainer killed') {
    const trainers = childrenOf(worker?.pid ?? 0)
    for (const pid of trainers.slice(0, 1)) signal(pid, 'SIGKILL')
  } else if (kind === 'worker stopped') void stopFor(worker, away)
  else if (kind === 'scheduler killed') scheduler.kill('SIGKILL')
  else if (kind === 'scheduler stopped') await stopFor(scheduler, Math.min(away, 20))
  else if (kind === 'Redis restarted') await redis.restart()
  else {
    redis.pause()
    await sleep(1000 * cut)
    redis.resume()
  }
}

async function stopFor(child: ChildProcess | undefined, time: number): Promise<void> {
  child?.kill('SIGSTOP')
  await sleep(1000 * time)
  child?.kill('SIGCONT')
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended first.
  }
}

function isOver(): boolean {
  if (!existsSync(db)) return false
  const store = openStore(db)
  try {
    const record = store.findStudy('chaos')
    const all = record ? store.archive(record).trials() : []
    return all.length === trials && all.every(({ state }) => isFinal(state))
  } finally {
    store.close()
  }
}

/** Each promise against what is in the store, in Redis and on the machine. */
async function examine(): Promise<void> {
  const store = openStore(db)
  const record = store.findStudy('chaos')
  const archive = record && store.archive(record)
  const all = archive?.trials() ?? []
  if (all.length !== trials) broken.push(`${all.length} trials of ${trials}`)
  const tuner = createTuner({ space: study.definition.space, sampler: 'halton', seed: study.definition.seed })
  let attempts = 0
  for (const { number, state, value, params, attempts: tried } of all) {
    attempts += tried
    done[state] = (done[state] ?? 0) + 1
    const expected = tuner.ask().params as { x: number; seconds: number }
    if (JSON.stringify(expected) !== JSON.stringify(params))
      broken.push(`trial ${number} has other parameters than without chaos`)
    if (state !== 'complete') continue
    if (value !== expected.x) broken.push(`trial ${number} has the value ${value}, not ${expected.x}`)
    const curve = archive?.measurements(number) ?? []
    const steps = Math.round(expected.seconds * 10)
    const isWhole =
      curve.length === steps &&
      curve.every(({ step, metrics }, i) => step === i + 1 && metrics.loss === expected.x + 1 / step)
    if (!isWhole) broken.push(`trial ${number} has ${curve.length} measurements, not each of ${steps} once`)
  }
  done.attempts = attempts
  store.close()
  for (const child of crew) child.kill('SIGCONT')
  for (const child of crew) child.kill('SIGTERM')
  await Promise.all(crew.map((child) => ended(child, 30)))
  await sleep(2000)
  const left = marked()
  if (left.length > 0) broken.push(`${left.length} processes are left`)
  const client = new Redis(redis.url)
  const keys = await client.keys('chaos:*')
  client.disconnect()
  const jobs = keys.filter((key) =>
    /:study:|:checkpoint:|:(wait|active|prioritized|delayed|failed|completed)$/.test(key),
  )
  if (jobs.length > 0) broken.push(`left in Redis: ${jobs.join(', ')}`)
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** The processes of this run that live, by their environment. */
function marked(): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) return []
    try {
      const isOurs = readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(MARK)
      return isOurs && isAlive(Number(entry)) ? [Number(entry)] : []
    } catch {
      return []
    }
  })
}
