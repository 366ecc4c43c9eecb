/*
 * What the report of a large study costs, from its database to the last file: a command line of its own each time.
 *
 *   node bench/report.ts [--trials N] [--points N] [--runs N]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable } from '../src/cli/format.ts'
import { openStore } from '../src/store/store.ts'
import { fakeArchive } from '../test/report/fake-archive.ts'

const { values: options } = parseArgs({
  options: {
    trials: { type: 'string', default: '10000' },
    points: { type: 'string', default: '30' },
    runs: { type: 'string', default: '5' },
  },
})
const CLI = fileURLToPath(new URL('../bin/dynotune.js', import.meta.url))
const LIMIT_SECONDS = 5

const folder = mkdtempSync(join(tmpdir(), 'dynotune-bench-'))
try {
  const db = join(folder, 'large.db')
  fillStore(db)
  const rows = ['markdown', 'html'].map((format) => {
    const times = Array.from({ length: Number(options.runs) }, () => report(db, format)).sort((a, b) => a - b)
    return [format, (times[times.length >> 1] ?? Number.NaN).toFixed(1), String(LIMIT_SECONDS)]
  })
  console.log(`${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`)
  console.log(formatTable([`report of ${options.trials} trials of ${options.points} points`, 'seconds', 'limit'], rows))
  console.log(`\nreport.html has ${(statSync(join(folder, 'digits', 'report.html')).size / 1e6).toFixed(1)} MB`)
} finally {
  rmSync(folder, { recursive: true })
}

/** Seconds, with the start of the process. */
function report(db: string, format: string): number {
  const began = performance.now()
  execFileSync(process.execPath, [CLI, 'report', 'digits', '--db', db, '--out', folder, '--format', format])
  return (performance.now() - began) / 1000
}

/** Eleven parameters of all kinds; one trial in eight diverges, one in five is stopped early. */
function fillStore(db: string): void {
  const archive = fakeArchive({ trials: Number(options.trials), steps: Number(options.points) })
  const store = openStore(db)
  const study = store.createStudy(archive.study)
  const lease = store.takeLease(study)
  for (const { number, params, state, value, metrics, reason, environment = {} } of archive.trials()) {
    if (state === 'waiting' || state === 'running') continue
    store.createTrials(lease, [{ number, params }])
    const { fence } = store.createAttempt(lease, number)
    store.recordStart(fence, environment)
    store.recordMeasurements(fence, archive.measurements(number))
    const end = { ...(value !== undefined && { value }), ...(metrics && { metrics }), ...(reason && { reason }) }
    store.finishTrial(lease, fence, { state, ...end }, '')
  }
  store.releaseLease(lease)
  store.close()
}
