/*
 * What the harness itself costs: no-op trials a second through trainers and committed results, beside Optuna where it is
 * installed; and what a large study costs to show and to resume.
 *
 *   node bench/overhead.ts [--python PATH]
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable } from '../src/cli/format.ts'
import { importStudy, sourceDigest } from '../src/runner/study-module.ts'
import { openRun } from '../src/scheduler/run-study.ts'
import { openStore } from '../src/store/store.ts'
import { studyDigest } from '../src/study/study.ts'

const { values: options } = parseArgs({ options: { python: { type: 'string', default: 'python3' } } })
const CLI = fileURLToPath(new URL('../bin/dynotune.js', import.meta.url))
const MODULE = new URL('./studies/noop.ts', import.meta.url).href
const LARGE = { trials: 10_000, measurements: 100 }

const folder = mkdtempSync(join(tmpdir(), 'dynotune-bench-'))
try {
  console.log(`${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`)
  const ours = await noopRate()
  const rows = [ours, ...optunaRates()].map(({ name, rate }) => [name, rate.toFixed(0), (rate / ours.rate).toFixed(3)])
  console.log(`${formatTable(['no-op trials', 'trials/s', 'ratio'], rows)}\n`)
  const costs = await largeStudy()
  const help = median(
    Array.from({ length: 9 }, () => timed(() => execFileSync(process.execPath, [CLI, 'run', '--help']))),
  )
  console.log(
    formatTable(['command line', 'measured', 'limit'], [['help of a command, s', help.toFixed(3), '0.2']]),
    '\n',
  )
  console.log(formatTable([`${LARGE.trials} trials of ${LARGE.measurements} measurements`, 'measured', 'limit'], costs))
} finally {
  rmSync(folder, { recursive: true })
}

/** From the first committed result to the last: trainers are up by then, as in any study of some length. */
async function noopRate(): Promise<{ name: string; rate: number }> {
  const study = await importStudy(MODULE)
  const store = openStore(join(folder, 'noop.db'))
  const finished: number[] = []
  const run = openRun({
    study,
    module: MODULE,
    store,
    onProgress({ type }) {
      if (type === 'finished') finished.push(performance.now())
    },
  })
  await run.run()
  store.close()
  const [first = 0] = finished
  return {
    name: `dynotune, ${study.definition.parallel} trainers, SQLite`,
    rate: ((finished.length - 1) / ((finished.at(-1) ?? 0) - first)) * 1000,
  }
}

function optunaRates(): { name: string; rate: number }[] {
  const script = fileURLToPath(new URL('./peers/optuna_trials.py', import.meta.url))
  try {
    const lines = execFileSync(options.python, [script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  } catch {
    console.log('Optuna is not installed for this Python, so it is not beside; pip install optuna, or --python PATH\n')
    return []
  }
}

async function largeStudy(): Promise<string[][]> {
  const db = join(folder, 'large.db')
  await fillStore(db)
  const show = median(
    Array.from({ length: 5 }, () => timed(() => execFileSync(process.execPath, [CLI, 'show', 'noop', '--db', db]))),
  )
  const { seconds, memory } = await resume(db)
  return [
    ['show, s', show.toFixed(2), '1'],
    ['resume to the first new trial, s', seconds.toFixed(2), '1'],
    ['scheduler memory at its peak, MB', (memory / 1e6).toFixed(0), '300'],
  ]
}

async function fillStore(db: string): Promise<void> {
  const { definition } = await importStudy(MODULE)
  const store = openStore(db)
  const study = store.createStudy({
    definition,
    digest: studyDigest(definition),
    source: { path: 'noop.ts', digest: sourceDigest(MODULE) },
  })
  const lease = store.takeLease(study)
  for (let number = 0; number < LARGE.trials; number++) {
    const value = (number * 0.618) % 1
    store.createTrials(lease, [{ number, params: { x: value, y: 0.5, z: 0.5 } }])
    const { fence } = store.createAttempt(lease, number)
    store.recordStart(fence, { node: process.versions.node })
    const curve = Array.from({ length: LARGE.measurements }, (_, step) => ({
      step,
      time: step,
      metrics: { value: value + 1 / (1 + step) },
    }))
    store.recordMeasurements(fence, curve)
    store.finishTrial(lease, fence, { state: 'complete', value, metrics: { value } }, '')
  }
  store.releaseLease(lease)
  store.close()
}

/** A new process continues the study for one more trial; its peak memory is read when that trial has started. */
function resume(db: string): Promise<{ seconds: number; memory: number }> {
  const began = performance.now()
  const words = [
    'run',
    fileURLToPath(MODULE),
    '--db',
    db,
    '--out',
    join(folder, 'reports'),
    '--trials',
    String(LARGE.trials + 1),
    '--json',
  ]
  const child = spawn(process.execPath, [CLI, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (!text.includes('"type":"started"')) return
      const seconds = (performance.now() - began) / 1000
      const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))
      child.kill('SIGKILL')
      resolve({ seconds, memory: Number(peak?.[1]) * 1024 })
    })
    child.once('exit', (code) => reject(new Error(`the run ended with ${code} before its trial started`)))
  })
}

function timed(work: () => void): number {
  const began = performance.now()
  work()
  return (performance.now() - began) / 1000
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
