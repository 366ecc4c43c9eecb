import { resolve } from 'node:path'
import { DynotuneError } from '../errors.ts'
import type { FoundJob, TrialQueue } from '../queue/queue.ts'
import { otherVersion } from '../runner/environment.ts'
import type { TrialEvent, TrialJob } from '../runner/job.ts'
import { errorOf, reasonOf } from '../runner/outcome.ts'
import type { Lease } from '../store/lease.ts'
import type { StudyRequest } from '../store/requests.ts'
import type { TrialEnd } from '../store/store.ts'
import { studyLabel } from '../study/record.ts'
import type { Resources } from '../study/resources.ts'
import type { LostOutcome, Measurement, Metrics, Outcome, Reason } from '../study/trial.ts'
import { isFinal, type StudyView, type TrialView } from '../study/view.ts'
import { createAppetite } from './appetite.ts'
import { createCheckpoints } from './checkpoints.ts'
import { createDemands } from './demands.ts'
import { createFinalTest } from './final-test.ts'
import { judge } from './judge.ts'
import { viewWithLag } from './lag.ts'
import { type LedgerSource, openLedger } from './open-ledger.ts'
import type { Progress } from './progress.ts'
import { CANCELLED, watchRequests } from './requests.ts'
import type { Suggestions } from './suggest.ts'
import { createSuggester } from './suggester.ts'
import { lostTooOften } from './tolerated.ts'
import { createTurns } from './turns.ts'

/** When as many trials fail before the first has a value, the study's code is broken: going on would waste the budget. */
const FAILURES_BEFORE_GIVING_UP = 5
const RENEW_LEASE_MS = 5000

export interface SchedulerOptions extends LedgerSource {
  /** The study file, as a file URL. */
  readonly module: string
  readonly lease: Lease
  /** Take the results of engines of other versions than the study began with. Default false. */
  readonly anyEngineVersion?: boolean | undefined
  /** Whether a trial that is tried again may come to another machine. Default false. */
  readonly anotherPlace?: boolean
  /** What a trial asks for by its parameters. Default: nothing. */
  resourcesOf?(trial: Pick<TrialView, 'params'>): Resources
  /** Called when the run begins: it starts the trainers. `wanted` says how many slots it could use, were there any number. */
  openQueue(wanted: () => number): TrialQueue
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
  /** By number, as they stand at any time. */
  readonly trials: readonly TrialView[]
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
  /** Why it has been asked to end early. */
  pruned?: Reason
  /** The user wants it no more. */
  cancelled?: boolean
}

/**
 * The loop that joins sampler, store and queue. Commits before it submits, before it acknowledges, and before it tells: what has
 * arrived is dealt with in one turn, which ends with a commit.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { study, definition, record, module, store, lease, resourcesOf, openQueue } = options
  const { budget, metric, goal } = definition
  const { sampler, pruner, ledger } = openLedger(options)
  const { view } = ledger
  const suggester = createSuggester(sampler, {
    sampler: definition.sampler,
    ...(budget.gain !== undefined && { gain: budget.gain }),
    ...((sampler === study.sampler || study.allows) && { module }),
  })
  const { space } = study
  const { parallel } = options
  /** Whether suggestions must not follow from which of two trials ended first. */
  const isLagged = definition.reproducible === true && sampler.adaptive === true
  /** Trials that a run before this one left unfinished, or that lost an attempt: they go first. */
  const again = view.trials.filter(({ state }) => !isFinal(state)).map(({ number }) => number)
  const turns = createTurns(store, lease)
  const demands = createDemands({
    known: view.trials.length,
    countLost: (trial, code) => store.countLost(record.id, trial, [code]),
    resourcesOf,
  })
  const versions: Record<string, string> = { ...store.engineVersions(record) }
  const inFlight = new Map<string, InFlight>()
  /** Trials whose checkpoints have not been looked at since they ended. */
  const ended: number[] = []
  const notes = new Set<string>()
  let opened: TrialQueue | undefined
  let slots = 0
  /** Jobs that may wait besides, for workers that are not there. */
  let unserved = 0
  let done = view.trials.length - again.length
  let exhausted = false
  /** A question that is being answered in a thread. */
  let asking: Promise<void> | undefined
  let failure: unknown
  const appetite = createAppetite(sampler.adaptive ? () => suggester.seconds : undefined)
  // Absolute: a trial may change its working directory.
  const checkpoints = createCheckpoints(resolve(`${store.path}.checkpoints`, String(record.id)))
  let mode: 'going' | 'finishing' | 'stopping' = 'going'
  let outOfTime = false
  let paused = false
  let failures = 0
  let onlyFailures = true

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
      ...(!options.anyEngineVersion && { engineVersions: { ...versions } }),
      limits: definition.limits,
      checkpoint: checkpoints.fileOf(trial.number),
      ...demands.of(trial),
      ...(trial.parent !== undefined && phase === 'run' && { inherits: checkpoints.fileOf(trial.parent) }),
    }
  }

  function queue(): TrialQueue {
    opened ??= openQueue(wanted)
    return opened
  }

  /** Goes on with attempts that a scheduler before this one left in the queue. */
  function adopt({ id, phase, trial, fence, attempt }: FoundJob): TrialJob | undefined {
    const found = view.trials[trial]
    if (phase !== 'run' || !found || isFinal(found.state) || !store.isCurrent(fence)) return undefined
    const job = jobFor(found, 'run', fence, attempt)
    if (job.id !== id) return undefined
    again.splice(again.indexOf(trial), 1)
    inFlight.set(id, { job, trainer: undefined, startedAt: 0 })
    return job
  }

  const onProgress = (progress: Progress) => turns.afterwards(() => options.onProgress(progress))

  const test = createFinalTest({ store, lease, record, onProgress })

  /** Once the turn is committed. A queue that is closed by then needs no telling. */
  const tell = (say: (queue: TrialQueue) => Promise<void>) =>
    turns.afterwards(() => (mode === 'stopping' || failure !== undefined ? undefined : say(queue())))

  function submit(job: TrialJob): void {
    inFlight.set(job.id, { job, trainer: undefined, startedAt: 0 })
    tell((queue) => queue.submit(job))
  }

  const goesOn = () => mode === 'going' && !outOfTime
  const mayStart = () => goesOn() && !paused

  function room(): number {
    return mayStart() ? appetite.wanted(slots) + unserved - inFlight.size : 0
  }

  /** A slot at least for as long as it may start something: without one it would not come to its end. */
  function wanted(): number {
    if (!mayStart()) return inFlight.size
    const more = exhausted ? 0 : Math.max(0, (budget.trials ?? Number.POSITIVE_INFINITY) - view.trials.length)
    return Math.max(1, inFlight.size + again.length + more)
  }

  function fill(): void {
    if (room() < appetite.least(slots)) return
    while (room() > 0) {
      const number = again.shift()
      const trial = number === undefined ? undefined : view.trials[number]
      if (trial && isSensible(trial)) {
        const { fence, ordinal } = store.createAttempt(lease, trial.number)
        submit(jobFor(trial, 'run', fence, ordinal))
      } else if (!trial && !ask(room())) break
    }
  }

  /** Whether what a trial asks for by its parameters can be asked for; if not, it has failed. */
  function isSensible(trial: TrialView): boolean {
    try {
      demands.of(trial)
      return true
    } catch (error) {
      const reason = reasonOf(error)
      store.dropTrial(lease, trial.number, reason)
      conclude(trial.number, { state: 'failed', reason }, undefined, 0)
      return false
    }
  }

  /** Asks for up to `count` trials. False when there is nothing to have at once: none at all, or an answer is on its way. */
  function ask(count: number): boolean {
    const due = Math.min(count, (budget.trials ?? Number.POSITIVE_INFINITY) - view.trials.length)
    if (due <= 0 || exhausted || asking) return false
    const enqueued = ledger.enqueued(due)
    if (enqueued.assignments.length > 0) {
      accept(enqueued)
      return true
    }
    const seen = isLagged ? viewWithLag(view, parallel) : view
    if (!seen) return false
    // With a lag each has a view of its own.
    const asked = isLagged ? 1 : due
    const answer = suggester.suggest(seen, asked)
    if (answer instanceof Promise) {
      asking = answer
        .then((suggestions) => turns.take(() => take(suggestions, asked)))
        .catch((error: unknown) => {
          asking = undefined
          fail(error)
        })
      return false
    }
    return accept(answer, asked)
  }

  function take(suggestions: Suggestions, asked: number): void {
    asking = undefined
    accept(suggestions, asked)
    fill()
  }

  /** Commits suggested trials; they wait in `again`. */
  function accept(suggestions: Suggestions, asked = 0): boolean {
    exhausted = suggestions.assignments.length < asked
    noteOnce(suggestions.ended)
    const added = ledger.add(suggestions, sampler.name)
    store.createTrials(lease, added)
    again.push(...added.map(({ number }) => number))
    return added.length > 0
  }

  function fail(error: unknown): void {
    failure ??= error
    void queue().close()
  }

  /** The time is up: what waits is taken back, what runs is asked to end early. */
  async function runOutOfTime(): Promise<void> {
    outOfTime = true
    await turns.take(() => {
      for (const { job, trainer } of inFlight.values())
        tell((queue) => (trainer === undefined ? queue.cancel(job.id) : queue.stop(job.id)))
    })
    await endIfIdle()
  }

  /** Where no worker is there, or the study was paused, no event would come to end the run at. */
  async function endIfIdle(): Promise<void> {
    if ((slots === 0 && inFlight.size === 0) || (await isOver())) await opened?.close()
  }

  /** Whether nothing is on its way and nothing will be. Submits the test when it is time for it. */
  async function isOver(): Promise<boolean> {
    while (inFlight.size === 0 && asking) await asking
    const holds = paused && goesOn()
    if (slots === 0 || inFlight.size > 0 || mode === 'stopping' || holds) return false
    if (study.test) await turns.take(submitTest)
    return inFlight.size === 0
  }

  /** Takes back what has not started; the last first, since each goes to the head of those that wait. */
  function takeBack(): void {
    const waiting = [...inFlight.values()].filter(({ trainer }) => trainer === undefined)
    for (const { job } of waiting.reverse()) tell((queue) => queue.cancel(job.id))
  }

  async function heed({ kind, trial }: StudyRequest): Promise<void> {
    if (kind === 'pause') await pause()
    else if (kind === 'resume') await resume()
    else if (trial !== undefined) await turns.take(() => cancel(trial))
    else {
      const text = 'Cancelled. What has finished is kept; the rest runs again next time.'
      await turns.take(() => onProgress({ type: 'note', text }))
      stop()
    }
  }

  async function pause(): Promise<void> {
    if (paused || mode !== 'going') return
    paused = true
    const text = `Paused: what runs goes on to its end, nothing is started. To go on: dynotune resume ${studyLabel(record)}`
    await turns.take(() => {
      store.recordPaused(lease, true)
      onProgress({ type: 'note', text })
      takeBack()
    })
  }

  async function resume(): Promise<void> {
    if (!paused) return
    paused = false
    await turns.take(() => {
      store.recordPaused(lease, false)
      onProgress({ type: 'note', text: 'Going on.' })
      fill()
    })
    if (await isOver()) await queue().close()
  }

  /** What is on its way ends when its trainer is dead; what waits ends now; what has ended stays as it is. */
  function cancel(trial: number): void {
    for (const flight of inFlight.values()) {
      if (flight.job.trial !== trial || flight.job.phase === 'test') continue
      flight.cancelled = true
      tell((queue) => queue.cancel(flight.job.id))
      return
    }
    const place = again.indexOf(trial)
    if (place < 0) return
    again.splice(place, 1)
    store.dropTrial(lease, trial, CANCELLED)
    conclude(trial, { state: 'failed', reason: CANCELLED }, undefined, 0)
  }

  function handle(event: TrialEvent): void {
    if (event.type === 'slots') {
      slots = event.slots
      unserved = event.unserved ?? 0
      onProgress({ type: 'slots', slots })
      return
    }
    if (event.type === 'broken') throw event.error
    if (event.type === 'note') noteOnce(event.text)
    if (!('id' in event)) return
    const flight = inFlight.get(event.id)
    if (!flight) return
    const { job } = flight
    if (event.type === 'started') {
      flight.trainer = event.trainer
      flight.startedAt = performance.now()
      noteOnce(event.environment.note)
      const mismatch = options.anyEngineVersion ? undefined : otherVersion(versions, event.environment)
      // Handed out before it was known what the study begins with.
      if (mismatch) tell((queue) => queue.cancel(job.id))
      if (mismatch || job.phase === 'test') return
      const { engine, engineVersion } = event.environment
      if (engine !== undefined && engineVersion !== undefined) versions[engine] ??= engineVersion
      store.recordStart(job.fence, event.environment)
      ledger.start(job.trial)
      const params = view.trials[job.trial]?.params ?? {}
      onProgress({ type: 'started', trial: job.trial, attempt: job.attempt, trainer: event.trainer, params })
    } else if (event.type === 'measured') {
      if (job.phase === 'test') return
      store.recordMeasurements(job.fence, event.measurements)
      prune(flight, event.measurements)
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
      if (job.phase === 'test') test.finish(job.trial, event.outcome)
      else if (event.outcome.type === 'lost' && !flight.cancelled) lose(flight, event.outcome, event.output)
      else if (event.outcome.type === 'lost') finish(flight, { state: 'failed', reason: CANCELLED }, event.output)
      else finish(flight, endOf(event.outcome, view), event.output)
      tell((queue) => queue.acknowledge(event.id))
    }
  }

  function noteOnce(text: string | undefined): void {
    if (text === undefined || notes.has(text)) return
    notes.add(text)
    onProgress({ type: 'note', text })
  }

  function dropCheckpoints(): void {
    const coming = [...again, ...[...inFlight.values()].map(({ job }) => job.trial)]
    const parents = coming.map((trial) => view.trials[trial]?.parent)
    checkpoints.drop(ended.splice(0), [ledger.best?.number, ...(sampler.keeps?.(view) ?? []), ...parents])
  }

  function prune(flight: InFlight, measurements: readonly Measurement[]): void {
    if (!pruner && !sampler.usesCurves) return
    const { trial } = flight.job
    const trialNow = ledger.measure(trial, measurements)
    if (!pruner || flight.pruned || !trialNow.curve?.length) return
    const decision = pruner.decide(trialNow, view)
    if (!decision.stop) return
    flight.pruned = { code: 'trial.pruned', message: decision.because }
    tell((queue) => queue.stop(flight.job.id))
  }

  function finish({ job, trainer, startedAt, pruned }: InFlight, ended: TrialEnd, output: string): void {
    const end = ended.state === 'stopped' && pruned ? { ...ended, reason: pruned } : ended
    store.finishTrial(lease, job.fence, end, output)
    const seconds = startedAt === 0 ? 0 : (performance.now() - startedAt) / 1000
    appetite.took(seconds)
    conclude(job.trial, end, trainer, seconds)
  }

  /** What follows once the end of a trial is committed. */
  function conclude(number: number, end: TrialEnd, trainer: number | undefined, seconds: number): void {
    const trial = ledger.finish(number, () => end)
    done++
    if (ended.push(number) === 1) turns.afterwards(dropCheckpoints)
    onProgress({ type: 'finished', trial, trainer, seconds, best: ledger.best, isBest: ledger.best === trial, done })
    if (end.reason?.code === CANCELLED.code) return
    onlyFailures &&= end.state === 'failed'
    if (onlyFailures && ++failures >= FAILURES_BEFORE_GIVING_UP) throw allFailed(end)
  }

  function lose(flight: InFlight, { reason }: LostOutcome, output: string): void {
    const { job, trainer } = flight
    const trial = view.trials[job.trial]
    const tooLarge = trial && demands.lose(trial, reason)
    if (tooLarge) {
      finish(flight, { state: 'infeasible', reason: tooLarge }, output)
      return
    }
    const tooOften = lostTooOften(reason, (codes) => store.countLost(record.id, job.trial, codes))
    if (tooOften) {
      finish(flight, { state: 'failed', reason: tooOften }, output)
      return
    }
    store.loseAttempt(lease, job.fence, reason, output)
    again.unshift(job.trial)
    if (reason.code === 'engine.version') {
      // Here it would come to the same.
      if (!options.anotherPlace) throw errorWith(reason)
      noteOnce(reason.message)
    }
    // Taken back before it began: nobody saw it run.
    const isTakenBack = (paused && reason.code === CANCELLED.code) || reason.code === 'worker.returned'
    if (isTakenBack && trainer === undefined) return
    onProgress({ type: 'lost', trial: job.trial, trainer, reason, again: goesOn() })
  }

  /** Submits a test of the best trial, unless that is over. */
  function submitTest(): void {
    const winner = ledger.best
    if (!winner || mode !== 'going' || inFlight.size > 0) return
    const attempt = test.next(winner)
    if (attempt !== undefined) submit(jobFor(winner, 'test', 0, attempt))
  }

  async function consume(): Promise<void> {
    for await (const events of queue().events()) {
      await turns.take(() => {
        for (const event of events) handle(event)
      })
      if (events.some(({ type }) => type === 'slots' || type === 'finished') && room() > 0) await turns.take(fill)
      if (await isOver()) return
    }
  }

  async function run(): Promise<RunSummary> {
    const renewal = setInterval(() => {
      try {
        store.renewLease(lease)
      } catch (error) {
        fail(error)
      }
    }, RENEW_LEASE_MS)
    const requests = watchRequests(store, lease, heed, fail)
    const deadline =
      budget.time === undefined ? undefined : setTimeout(() => void runOutOfTime().catch(fail), budget.time * 1000)
    try {
      // One that is stopped before it begins opens nothing.
      if (mode !== 'stopping') {
        await queue().recover(adopt)
        await requests.look()
        await consume()
      }
      if (failure) throw failure
    } finally {
      clearInterval(renewal)
      requests.end()
      clearTimeout(deadline)
      await Promise.all([opened?.close(), suggester.close()])
    }
    return { interrupted: mode !== 'going', best: ledger.best, test: test.metrics, trials: view.trials }
  }

  function stop(): void {
    mode = 'stopping'
    void opened?.close()
  }

  return {
    trials: view.trials,
    run,
    finish() {
      if (mode !== 'going') return
      mode = 'finishing'
      void turns.take(takeBack).then(endIfIdle).catch(fail)
    },
    stop,
  }
}

/** What an outcome means to the study; one that lacks an objective is a mistake in `run`. */
function endOf(outcome: Exclude<Outcome, LostOutcome>, view: StudyView): TrialEnd {
  const { type: state } = outcome
  if (state === 'infeasible' || state === 'failed') return { state, reason: outcome.reason }
  try {
    return judge({ state, values: outcome.metrics }, view)
  } catch (error) {
    return { state: 'failed', reason: { ...reasonOf(error), remedy: 'return every objective of the study from run' } }
  }
}

function errorWith({ code, message, remedy }: Reason): DynotuneError {
  return new DynotuneError(code, message, remedy === undefined ? {} : { remedy })
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
