import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { DynotuneError } from '../errors.ts'
import type { TrialQueue } from '../queue/queue.ts'
import type { TrialEvent, TrialJob } from '../runner/job.ts'
import { errorOf } from '../runner/outcome.ts'
import type { Lease } from '../store/lease.ts'
import type { Store, TrialEnd } from '../store/store.ts'
import type { StudyRecord } from '../study/record.ts'
import type { Study, StudyDefinition } from '../study/study.ts'
import type { LostOutcome, Metrics, Outcome } from '../study/trial.ts'
import { isFinal, type TrialView } from '../study/view.ts'
import type { Progress } from './progress.ts'
import { createTuner } from './tuner.ts'

/** A trial whose trainer died this often is at fault itself. */
const CRASHES = 3
const CRASH_CODES = ['trial.crashed', 'trial.silent', 'engine.lost'] as const
/** When as many trials fail before the first has a value, the study's code is broken: going on would waste the budget. */
const FAILURES_BEFORE_GIVING_UP = 5
const RENEW_LEASE_MS = 5000

export interface SchedulerOptions {
  readonly study: Study
  /** The study's definition with what the caller overrides. */
  readonly definition: StudyDefinition
  readonly record: StudyRecord
  /** The study file, as a file URL. */
  readonly module: string
  readonly store: Store
  readonly lease: Lease
  /** Called when the run begins: it starts the trainers. */
  openQueue(): TrialQueue
  onProgress(progress: Progress): void
}

export interface RunSummary {
  /** Whether the run ended because it was asked to, before the budget was spent. */
  readonly interrupted: boolean
  readonly best: TrialView | undefined
  readonly test: Metrics | undefined
  readonly trials: readonly TrialView[]
}

export interface Scheduler {
  /** Runs the study until its budget is spent. Whatever happens, all that finished is committed by then. */
  run(): Promise<RunSummary>
  /** Starts nothing more and lets what runs finish. */
  finish(): void
  /** Stops now; unfinished trials will be run again. */
  stop(): void
}

/** An attempt on its way through the queue. */
interface InFlight {
  readonly job: TrialJob
  trainer: number | undefined
  startedAt: number
}

/** The loop that joins sampler, store and queue. Commits before it submits, and before it acknowledges. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { study, definition, record, module, store, lease, openQueue, onProgress } = options
  const { budget, metric, goal } = definition
  const tuner = createTuner({
    space: definition.space,
    goal,
    seed: definition.seed,
    metric,
    sampler: study.sampler?.name === definition.sampler ? study.sampler : definition.sampler,
    trials: store.archive(record).trials(),
  })
  const { space } = study
  /** Trials that a run before this one left unfinished, or that lost an attempt: they go first. */
  const again = tuner.trials.filter(({ state }) => !isFinal(state)).map(({ number }) => number)
  const inFlight = new Map<string, InFlight>()
  const notes = new Set<string>()
  let opened: TrialQueue | undefined
  let slots = 0
  let done = tuner.trials.length - again.length
  let exhausted = false
  let mode: 'going' | 'finishing' | 'stopping' = 'going'
  let outOfTime = false
  let failures = 0
  let onlyFailures = true
  let testRuns = 0
  let testOver = false
  let test: Metrics | undefined

  function checkpoint(trial: number): string {
    // Absolute: a trial may change its working directory.
    return resolve(`${store.path}.checkpoints`, String(record.id), `trial-${trial}.bin`)
  }

  function jobFor(trial: TrialView, phase: TrialJob['phase'], fence: number, attempt: number): TrialJob {
    return {
      id: phase === 'test' ? `${record.id}-test-${attempt}` : `${record.id}-${trial.number}-${fence}`,
      fence,
      phase,
      module,
      trial: trial.number,
      attempt,
      params: space.nest(trial.params),
      seed: definition.seed,
      metric,
      goal,
      engine: definition.engine,
      limits: definition.limits,
      checkpoint: checkpoint(trial.number),
    }
  }

  function queue(): TrialQueue {
    opened ??= openQueue()
    return opened
  }

  async function submit(job: TrialJob): Promise<void> {
    inFlight.set(job.id, { job, trainer: undefined, startedAt: 0 })
    await queue().submit(job)
  }

  /** Keeps one trial a slot ahead, so that a trainer never waits for a sampler or a commit. */
  async function fill(): Promise<void> {
    const room = () => (mode === 'going' && !outOfTime ? 2 * slots - inFlight.size : 0)
    while (room() > 0) {
      const number = again.shift() ?? ask(room())
      const trial = number === undefined ? undefined : tuner.trials[number]
      if (!trial) return
      const { fence, ordinal } = store.createAttempt(lease, trial.number)
      await submit(jobFor(trial, 'run', fence, ordinal))
    }
  }

  /** Asks the sampler for up to `count` trials, commits them, and returns the first; the others wait in `again`. */
  function ask(count: number): number | undefined {
    const wanted = Math.min(count, (budget.trials ?? Number.POSITIVE_INFINITY) - tuner.trials.length)
    if (wanted <= 0 || exhausted) return undefined
    const asked = tuner.ask(wanted)
    exhausted = asked.length < wanted
    store.createTrials(
      lease,
      asked.map(({ number }) => ({ number, params: tuner.trials[number]?.params ?? {} })),
    )
    const [first, ...rest] = asked.map(({ number }) => number)
    again.push(...rest)
    return first
  }

  /** The time is up: what waits is taken back, what runs is asked to end early. */
  async function runOutOfTime(): Promise<void> {
    outOfTime = true
    for (const { job, trainer } of inFlight.values())
      await (trainer === undefined ? queue().cancel(job.id) : queue().stop(job.id))
  }

  async function handle(event: TrialEvent): Promise<void> {
    if (event.type === 'slots') {
      slots = event.slots
      onProgress(event)
      return fill()
    }
    if (event.type === 'broken') throw event.error
    const flight = inFlight.get(event.id)
    if (!flight) return
    const { job } = flight
    if (event.type === 'started') {
      flight.trainer = event.trainer
      flight.startedAt = performance.now()
      noteOnce(event.environment.note)
      if (job.phase === 'test') return
      store.recordStart(job.fence, event.environment)
      const params = tuner.trials[job.trial]?.params ?? {}
      onProgress({ type: 'started', trial: job.trial, attempt: job.attempt, trainer: event.trainer, params })
    } else if (event.type === 'measured') {
      if (job.phase === 'test') return
      store.recordMeasurements(job.fence, event.measurements)
      const last = event.measurements.at(-1)
      if (last)
        onProgress({
          type: 'measured',
          trial: job.trial,
          trainer: flight.trainer ?? 0,
          step: last.step,
          metrics: last.metrics,
        })
    } else {
      inFlight.delete(event.id)
      if (job.phase === 'test') return finishTest(job, event.outcome)
      if (event.outcome.type === 'lost') lose(flight, event.outcome, event.output)
      else finish(flight, endOf(event.outcome, metric), event.output)
      await queue().acknowledge(event.id)
      return fill()
    }
  }

  function noteOnce(text: string | undefined): void {
    if (text === undefined || notes.has(text)) return
    notes.add(text)
    onProgress({ type: 'note', text })
  }

  function finish({ job, trainer, startedAt }: InFlight, end: TrialEnd, output: string): void {
    store.finishTrial(lease, job.fence, end, output)
    const before = tuner.best
    tuner.tell(job.trial, {
      state: end.state,
      ...(end.metrics && { values: end.metrics }),
      ...(end.reason && { reason: end.reason }),
    })
    done++
    dropCheckpoints(job.trial, before?.number)
    const trial = tuner.trials[job.trial]
    const seconds = startedAt === 0 ? 0 : (performance.now() - startedAt) / 1000
    if (trial)
      onProgress({ type: 'finished', trial, trainer, seconds, best: tuner.best, isBest: tuner.best === trial, done })
    onlyFailures &&= end.state === 'failed'
    if (onlyFailures && ++failures >= FAILURES_BEFORE_GIVING_UP) throw allFailed(end)
  }

  /** Only the best trial's checkpoint is worth its disk space. */
  function dropCheckpoints(finished: number, bestBefore: number | undefined): void {
    const bestNow = tuner.best?.number
    for (const trial of new Set([finished, bestBefore])) {
      if (trial !== undefined && trial !== bestNow) rmSync(checkpoint(trial), { force: true })
    }
  }

  function lose(flight: InFlight, { reason }: LostOutcome, output: string): void {
    const { job, trainer } = flight
    const counts = CRASH_CODES.some((code) => code === reason.code)
    const crashes = counts ? 1 + store.countLost(record.id, job.trial, CRASH_CODES) : 0
    if (crashes >= CRASHES) {
      const message = `${reason.message} That was attempt ${crashes} to end so; it is not tried again.`
      finish(flight, { state: 'failed', reason: { ...reason, message } }, output)
      return
    }
    store.loseAttempt(lease, job.fence, reason, output)
    again.unshift(job.trial)
    onProgress({ type: 'lost', trial: job.trial, trainer, reason, again: mode === 'going' && !outOfTime })
  }

  /** True when a test of the best trial has been submitted. */
  async function submitTest(): Promise<boolean> {
    const winner = tuner.best
    if (!study.test || !winner || mode !== 'going' || testOver) return false
    if (record.test?.trial === winner.number) {
      test = record.test.metrics
      return false
    }
    if (testRuns++ === 0) onProgress({ type: 'testing', trial: winner.number })
    await submit(jobFor(winner, 'test', 0, testRuns))
    return true
  }

  async function finishTest(job: TrialJob, outcome: Outcome): Promise<void> {
    await queue().acknowledge(job.id)
    if (outcome.type === 'complete' || outcome.type === 'stopped') {
      testOver = true
      test = outcome.metrics
      store.recordTest(lease, job.trial, test)
      onProgress({ type: 'tested', trial: job.trial, metrics: test })
      return
    }
    if (outcome.type === 'lost' && testRuns < CRASHES) return
    testOver = true
    onProgress({ type: 'untested', trial: job.trial, reason: outcome.reason })
  }

  async function consume(): Promise<void> {
    for await (const event of queue().events()) {
      await handle(event)
      if (slots > 0 && inFlight.size === 0 && mode !== 'stopping' && !(await submitTest())) return
    }
  }

  async function run(): Promise<RunSummary> {
    let renewalError: unknown
    const renewal = setInterval(() => {
      try {
        store.renewLease(lease)
      } catch (error) {
        renewalError = error
        void queue().close()
      }
    }, RENEW_LEASE_MS)
    const deadline = budget.time === undefined ? undefined : setTimeout(() => void runOutOfTime(), budget.time * 1000)
    try {
      await consume()
      if (renewalError) throw renewalError
    } finally {
      clearInterval(renewal)
      clearTimeout(deadline)
      await queue().close()
    }
    return { interrupted: mode !== 'going', best: tuner.best, test, trials: tuner.trials }
  }

  return {
    run,
    finish() {
      if (mode !== 'going') return
      mode = 'finishing'
      for (const { job, trainer } of inFlight.values()) if (trainer === undefined) void queue().cancel(job.id)
    },
    stop() {
      mode = 'stopping'
      void opened?.close()
    },
  }
}

function endOf(outcome: Exclude<Outcome, LostOutcome>, metric: string): TrialEnd {
  if (outcome.type === 'infeasible' || outcome.type === 'failed') return { state: outcome.type, reason: outcome.reason }
  const value = outcome.metrics[metric]
  return { state: outcome.type, metrics: outcome.metrics, ...(value !== undefined && { value }) }
}

function allFailed({ reason }: TrialEnd): DynotuneError {
  return new DynotuneError(
    'scheduler.all_failed',
    `The first ${FAILURES_BEFORE_GIVING_UP} trials all failed, so the study stops; the last one with: ${reason?.message}`,
    {
      remedy: 'mend run and start again with --fresh',
      ...(reason && { cause: errorOf(reason) }),
    },
  )
}
