/*
 * Workers for the benchmark, in a process of their own: `node workers.ts OPTIONS` with, in JSON, the options of `startWorker`,
 * how many `workers`, and the `seconds` of a trial where trainers are imitated.
 */
import { startWorker } from '../../src/worker/worker.ts'
import { imitateTrainers } from './imitation.ts'

const { workers, seconds, ...options } = JSON.parse(process.argv[2] ?? '{}')
for (let i = 0; i < workers; i++) {
  const trainers = seconds === undefined ? {} : { trainers: imitateTrainers(options.slots, seconds) }
  await startWorker({ ...options, ...trainers, name: `worker-${process.pid}-${i}` })
}
console.log('joined')
process.once('SIGTERM', () => process.exit())
