import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { observeRun } from '../../../src/cli/status/run.ts'
import { createHistogram } from '../../../src/cli/status/text.ts'
import { createChannel } from '../../../src/queue/channel.ts'
import type { Progress } from '../../../src/scheduler/progress.ts'
import type { StudyRecord } from '../../../src/study/record.ts'
import type { TrialState } from '../../../src/study/trial.ts'
import type { TrialView } from '../../../src/study/view.ts'

const reason = { code: 'worker.lost', message: 'gone' } as const

/** An observer of a run whose trials are as told, and what its metrics say without help texts. */
function observed(name: string, states: readonly TrialState[], now?: () => number) {
  const trials = states.map((state, number): TrialView => ({ number, params: {}, state }))
  const observer = observeRun(now)
  onTestFinished(() => observer.end())
  observer.begin({ record: { name, number: 1 } as StudyRecord, scheduler: { trials } })
  const tell = (...events: readonly Progress[]) => events.forEach(observer.progress)
  const lines = () =>
    observer
      .metrics()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
  const value = (start: string) =>
    lines()
      .find((line) => line.startsWith(`${start} `))
      ?.slice(start.length + 1)
  return { observer, trials, tell, lines, value }
}

const started = (trial: number): Progress => ({ type: 'started', trial, attempt: 1, trainer: 0, params: {} })
const measured = (trial: number): Progress => ({ type: 'measured', trial, trainer: 0, step: 1, metrics: {} })
const lost = (trial: number): Progress => ({ type: 'lost', trial, trainer: 0, reason, again: true })
const finished = (trial: TrialView): Progress => ({
  ...{ type: 'finished', trial, trainer: 0, seconds: 1, best: undefined, isBest: false, done: 1 },
})

test('counts trials, slots and lost attempts as a run goes on', () => {
  const { trials, tell, lines } = observed('digits', ['complete', 'running', 'waiting', 'waiting', 'failed'])
  const seen = () => lines().filter((line) => /^dynotune_(trials|attempts_lost_total|slots|busy_slots)\b/.test(line))
  const are = (waiting: number, running: number, complete: number, failed: number) => [
    ...Object.entries({ waiting, running, complete, stopped: 0, infeasible: 0, failed }).map(
      ([state, count]) => `dynotune_trials{study="digits",state="${state}"} ${count}`,
    ),
  ]
  const slots = (all: number, busy: number) => [
    `dynotune_slots{study="digits"} ${all}`,
    `dynotune_busy_slots{study="digits"} ${busy}`,
  ]
  // The one that ran when the run before ended waits for its next attempt.
  expect(seen()).toEqual([...are(3, 0, 1, 1), ...slots(0, 0)])
  tell({ type: 'slots', slots: 2 }, started(1), measured(1), measured(2))
  expect(seen()).toEqual([...are(1, 2, 1, 1), ...slots(2, 2)])
  tell(lost(1), { type: 'note', text: 'a' })
  const loss = 'dynotune_attempts_lost_total{study="digits",code="worker.lost"} 1'
  expect(seen()).toEqual([...are(2, 1, 1, 1), loss, ...slots(2, 1)])
  const last: TrialView = { number: 2, params: {}, state: 'complete', value: 1 }
  trials[2] = last
  tell(finished(last), { type: 'testing', trial: 2 })
  expect(seen()).toEqual([...are(2, 0, 2, 1), loss, ...slots(2, 1)])
  tell({ type: 'tested', trial: 2, metrics: {} })
  expect(seen()).toEqual([...are(2, 0, 2, 1), loss, ...slots(2, 0)])
})

test('a name with quotes, backslashes and line ends stays one label', () => {
  expect(observed('a"b\\c\nd', []).value('dynotune_slots{study="a\\"b\\\\c\\nd"}')).toBe('0')
})

test('every metric has a type, and each sample belongs to the one above it', () => {
  const { observer } = observed('digits', [])
  observer.load([
    { class: 'gpu-80g', waiting: 3, needed: 7 },
    { class: 'gpu-80g+40GB', waiting: 1, needed: 1 },
  ])
  const text = observer.metrics()
  expect(text.endsWith('\n')).toBe(true)
  let name = ''
  for (const line of text.trimEnd().split('\n')) {
    name = /^# TYPE (\w+) (?:gauge|counter|histogram|summary)$/.exec(line)?.[1] ?? name
    if (!line.startsWith('#'))
      expect(line).toMatch(new RegExp(`^${name}(?:_bucket|_sum|_count)?(?:\\{.+\\})? [\\d.e-]+$`))
  }
  expect(text).toContain('dynotune_queue_depth{class="gpu-80g"} 3\n')
  expect(text).toContain('dynotune_needed_slots{class="gpu-80g"} 7\n')
  expect(text).toContain('dynotune_needed_slots{class="gpu-80g+40GB"} 1\n')
})

test('is well without Redis, and with it for as long as it is reached', () => {
  let time = 0
  const { observer, value } = observed('digits', [], () => time)
  time = 1e6
  expect(observer.trouble()).toBeUndefined()
  expect(value('dynotune_needed_slots{class="default"}')).toBeUndefined()
  observer.load([{ class: 'default', waiting: 0, needed: 2 }])
  time += 15_000
  expect(observer.trouble()).toBeUndefined()
  time += 1000
  expect(observer.trouble()).toBe('has not reached Redis for 16 s')
  expect(value('dynotune_needed_slots{class="default"}')).toBe('2')
})

test('how late events are is counted in seconds', () => {
  const { observer, value } = observed('digits', [])
  for (const ms of [0.4, 1, 30, 20_000]) observer.lag(ms)
  const name = 'dynotune_scheduler_lag_seconds'
  expect(value(`${name}_bucket{le="0.001"}`)).toBe('2')
  expect(value(`${name}_bucket{le="0.05"}`)).toBe('3')
  expect(value(`${name}_bucket{le="10"}`)).toBe('3')
  expect(value(`${name}_bucket{le="+Inf"}`)).toBe('4')
  expect(value(`${name}_count`)).toBe('4')
  expect(Number(value(`${name}_sum`))).toBeCloseTo(20.0314, 9)
})

test('a bucket of a histogram has all values up to its bound', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1 }),
      fc.array(fc.integer({ min: -5, max: 60 })),
      (bounds, values) => {
        const ascending = bounds.toSorted((a, b) => a - b)
        const histogram = createHistogram(ascending)
        values.forEach(histogram.add)
        expect(histogram.samples()).toEqual([
          ...ascending.map((bound) => [`_bucket{le="${bound}"}`, values.filter((value) => value <= bound).length]),
          ['_bucket{le="+Inf"}', values.length],
          ['_sum', values.reduce((sum, value) => sum + value, 0)],
          ['_count', values.length],
        ])
      },
    ),
  )
})

test('a channel says how long each value was there until the consumer had done with all that it got with it', async () => {
  const waits: number[] = []
  const channel = createChannel<string>((ms) => waits.push(ms))
  const began = performance.now()
  channel.push('first')
  channel.push('second')
  const seen: unknown[] = []
  for await (const values of channel) {
    seen.push(values, waits.length)
    if (values.includes('third')) break
    const until = performance.now() + 5
    while (performance.now() < until);
    channel.push('third')
  }
  expect(seen).toEqual([['first', 'second'], 0, ['third'], 2])
  for (const wait of waits) {
    expect(wait).toBeGreaterThanOrEqual(5)
    expect(wait).toBeLessThanOrEqual(performance.now() - began)
  }
})

test('a channel gives at most 250 values at once, in order', async () => {
  const channel = createChannel<number>()
  const values = Array.from({ length: 600 }, (_, i) => i)
  for (const value of values) channel.push(value)
  channel.end()
  const batches: (readonly number[])[] = []
  for await (const batch of channel) batches.push(batch)
  expect(batches.map(({ length }) => length)).toEqual([250, 250, 100])
  expect(batches.flat()).toEqual(values)
})
