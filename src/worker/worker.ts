import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from 'bullmq'
import { DynotuneError } from '../errors.ts'
import { createEmbeddedQueue } from '../queue/embedded.ts'
import { checkpointsIn } from '../queue/redis/checkpoints.ts'
import { checkServer, connect } from '../queue/redis/connection.ts'
import { follow } from '../queue/redis/follow.ts'
import { CLASS, namesUnder } from '../queue/redis/names.ts'
import { serves } from '../queue/redis/places.ts'
import { announce, listStudies, withdraw } from '../queue/redis/registry.ts'
import { addressOf, isLoopback } from '../queue/redis/url.ts'
import { unseal, type WireJob, type WorkerRecord } from '../queue/redis/wire.ts'
import { packageVersion } from '../runner/environment.ts'
import type { TrialEvent } from '../runner/job.ts'
import { reasonOf } from '../runner/outcome.ts'
import type { Outcome, Reason } from '../study/trial.ts'
import type { RunningWorker, WorkerLog, WorkerOptions } from './contract.ts'
import { cannotStart, noSecret, refusedBy } from './errors.ts'
import { createSayings } from './sayings.ts'
import { createStudies } from './studies.ts'
import { createTakers } from './takers.ts'

interface Held {
  readonly job: WireJob
  /** The parcel that it came in, and whether others came with it. */
  readonly parcel: string
  readonly single: boolean
  readonly checkpoint: string
  /** When its trainer began it, in ms of the monotonic clock. */
  startedAt?: number
  /** It is to begin elsewhere. */
  returned?: boolean
  done(): void
  /** Somebody else has it by now: nothing is said of it any more. */
  abandoned: boolean
}

const DRAINED: Reason = { code: 'worker.drained', message: 'Its worker was asked to leave.' }
const RETURNED: Reason = { code: 'worker.returned', message: 'Another took longer than was to be expected.' }
/** What is wrong with a study for all its trials alike. */
const NO_STUDY = ['study.import', 'study.no_default', 'study.missing', 'study.invalid', 'worker.bundle']
/** How long a worker that leaves tries to say so. */
const TELL_MS = 2000
const SILENT: WorkerLog = { info() {}, warn() {}, error() {} }

/**
 * Joins the workers of a Redis server: takes jobs through BullMQ, as many as it has slots, runs them in trainer processes of
 * this machine and says what happens on the stream of their study. It only talks: training is never in this process, so that it
 * renews its locks whatever trials do.
 * @throws DynotuneError `redis.*`, `worker.secret`
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { url, slots, devices = [], classes = [CLASS], labels = {}, gpuMemory = 0, secret, log = SILENT } = options
  const {
    name = `${hostname()}-${process.pid}`,
    lockMs = 30_000,
    announceMs = 3000,
    absentAfterMs,
    patienceMs = 250,
  } = options
  if (secret === undefined && !(options.trustUnsigned && isLoopback(url))) throw noSecret(options, url)
  const names = namesUnder(options.prefix)
  const commands = connect(url, 'commands')
  const blocking = connect(url, 'blocking')
  const checkpoints = checkpointsIn(commands, names)
  const studies = createStudies(commands, names, options.cache)
  const folder = mkdtempSync(join(tmpdir(), 'dynotune-worker-'))
  /** Studies that began with other versions of an engine than this machine has. */
  const unfit = new Set<string>()
  const held = new Map<string, Held>()
  /** What is taken from BullMQ and not finished, with how many of its trials have not ended. */
  const parcels = new Map<string, { left: number }>()
  const { say } = createSayings(commands, names)
  /** When a trial last began or ended here, in ms of the monotonic clock. */
  let movedAt = 0
  const counts = { finished: 0, lost: 0, refused: 0, restarts: 0 }
  const refusals = new Set<string>()
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>()
  // Whoever starts a worker need not wait for its end.
  ended.catch(() => {})
  let leaving = false
  let announcing: NodeJS.Timeout | undefined
  let returning: NodeJS.Timeout | undefined
  let closing: Promise<void> | undefined
  let trouble: string | undefined
  let failure: unknown

  try {
    for (const warning of (await checkServer(commands)).warnings) log.warn({}, warning)
  } catch (error) {
    commands.disconnect()
    blocking.disconnect()
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  const local = options.trainers ?? createEmbeddedQueue({ ...options, onRestart: () => void counts.restarts++ })
  const takers = createTakers({
    ...{ redis: commands, names, classes, slots, lockMs, take },
    onError(error) {
      // Said once for each time that it is away, not once for each attempt to connect.
      if (trouble !== error.message) log.warn({ error: error.message }, 'redis')
      trouble = error.message
    },
    onLost(ids) {
      for (const holder of held.values()) if (ids.includes(holder.parcel)) abandon(holder)
    },
  })
  commands.on('ready', () => {
    if (trouble !== undefined) log.info({}, 'redis is back')
    trouble = undefined
  })
  try {
    await sayHere()
  } catch (error) {
    await close()
    throw refusedBy(error, url)
  }
  announcing = setInterval(() => void sayHere().catch(() => {}), announceMs)
  returning = setInterval(returnWaiting, patienceMs)
  void relay()
  void obey()
  takers.run().catch((error: unknown) => leave(error))
  log.info({ name, slots, class: classes.join(','), redis: addressOf(url) }, 'joined')

  function record(): WorkerRecord {
    const { engine = 'auto' } = options
    const there = [...held.values()].filter(({ abandoned }) => !abandoned).map(({ parcel }) => parcel)
    const running = [...new Set(there)]
    return {
      name,
      version: packageVersion(),
      slots: leaving ? 0 : slots,
      running,
      classes: [...classes],
      spare: leaving ? 0 : Math.max(0, slots - running.length),
      engine,
      labels,
      gpuMemory,
      refuses: [...unfit],
    }
  }

  async function sayHere(): Promise<void> {
    if (closing) return
    await announce(commands, names, record(), absentAfterMs)
    if (gpuMemory > 0) takers.serve(await placesAskedFor())
    // What was asked while there was no connection.
    const jobs = Map.groupBy(
      [...held.values()].map(({ job }) => job),
      ({ study }) => study,
    )
    for (const [study, ofStudy] of jobs) {
      const asks = await asksOf(study, ofStudy)
      for (const [i, { id }] of ofStudy.entries()) await heed(id, asks[i])
    }
  }

  /** Places that studies use now and that only some workers of a class can serve. */
  async function placesAskedFor(): Promise<readonly string[]> {
    const studies = await listStudies(commands, names)
    const asked = studies
      .filter(({ version }) => version === packageVersion())
      .flatMap(({ needs }) => Object.keys(needs))
    return asked.filter((place) => serves({ classes, gpuMemory }, place))
  }

  const asksOf = (study: string, jobs: readonly WireJob[]) =>
    commands.hmget(names.study(study).asks, ...jobs.map(({ id }) => id))

  async function heed(id: string, ask: string | null | undefined): Promise<void> {
    if (ask === 'cancel') await local.cancel(id)
    else if (ask === 'stop') await local.stop(id)
  }

  /** Hears of stops and cancels. */
  function obey(): Promise<void> {
    return follow(
      blocking,
      names.control,
      '$',
      () => closing !== undefined,
      async (_, [, id = '', , ask]) => {
        if (held.has(id)) await heed(id, ask)
      },
    )
  }

  async function take({ data, id = '' }: Job, occupy: (slots: number) => void): Promise<boolean> {
    let jobs: readonly WireJob[]
    try {
      jobs = unseal(data, secret)
      // Signed jobs under another name would run again.
      if (jobs[0]?.id !== id || jobs.some((job) => held.has(job.id)))
        throw new DynotuneError('worker.refused', 'A job was refused: it is a copy of another.')
    } catch (error) {
      refuse(data, error)
      return true
    }
    const [first] = jobs
    if (first?.engineVersions && unfit.has(first.study)) return false
    if (first?.alone === 'machine') occupy(slots)
    else if (first?.alone) occupy(Math.ceil(slots / Math.max(1, new Set(devices).size)))
    parcels.set(id, { left: jobs.length })
    // Asked for while they start: there is rarely an answer, and the trainers need not wait for it.
    const asks = asksOf(jobs[0].study, jobs)
    asks.catch(() => {})
    const single = jobs.length === 1
    try {
      await Promise.all(jobs.map((job, i) => run(job, { parcel: id, single }, async () => (await asks)[i])))
    } finally {
      parcels.delete(id)
    }
    return true
  }

  /** Over when the trial is. */
  async function run(
    job: WireJob,
    whence: Pick<Held, 'parcel' | 'single'>,
    asked: () => Promise<string | null | undefined>,
  ): Promise<void> {
    const { id } = job
    const { promise, resolve: done } = Promise.withResolvers<void>()
    const checkpoint = join(folder, id)
    held.set(id, { ...whence, job, checkpoint, done, abandoned: false })
    try {
      const { study: _, bundle, begins, ...rest } = job
      const module = await studies.moduleOf(bundle)
      const inherited = `${checkpoint}.inherited`
      const found = begins !== undefined && (await checkpoints.begin(id, begins === 'own' ? checkpoint : inherited))
      await local.submit({
        ...{ ...rest, module, checkpoint },
        ...(found && begins === 'inherited' && { inherits: inherited }),
      })
      await heed(id, await asked())
      await promise
    } catch (error) {
      await broken(job, reasonOf(error))
    } finally {
      held.delete(id)
      for (const file of [checkpoint, `${checkpoint}.inherited`]) if (existsSync(file)) rmSync(file, { force: true })
    }
  }

  /** Counted each time and said once for each reason: whoever floods the queue is not to fill the log. */
  function refuse(data: unknown, error: unknown): void {
    counts.refused++
    const reason = reasonOf(error)
    if (!refusals.has(reason.message)) log.warn({ code: reason.code }, reason.message)
    if (refusals.size < 100) refusals.add(reason.message)
    // Whoever waits for it hears why, if it can be told at all who does.
    try {
      const [job] = unseal(data, undefined)
      if (job) void broken(job, reason)
    } catch {
      // Nobody's.
    }
  }

  async function broken(job: WireJob, reason: Reason): Promise<void> {
    log.error({ code: reason.code, study: job.study, job: job.id }, reason.message)
    await say(job.study, { type: 'broken', reason }, true)
  }

  /** Brings what the trainers say to the studies. One after the other, so that nothing overtakes. */
  async function relay(): Promise<void> {
    try {
      for await (const events of local.events())
        for (const event of events) {
          if (event.type === 'broken') throw event.error
          if (event.type === 'slots' || event.type === 'note') continue
          const holder = held.get(event.id)
          if (holder) await pass(holder, event)
        }
    } catch (error) {
      leave(error)
    }
  }

  async function pass(holder: Held, event: Extract<TrialEvent, { id: string }>): Promise<void> {
    const { job, single, abandoned } = holder
    if (event.type === 'measured') {
      if (!abandoned) say(job.study, event, single).catch(leave)
      return
    }
    movedAt = performance.now()
    if (event.type === 'started') {
      holder.startedAt = movedAt
      if (!abandoned) say(job.study, { ...event, worker: name }, single).catch(leave)
      return
    }
    await local.acknowledge(event.id)
    const parcel = parcels.get(holder.parcel)
    const isLast = parcel === undefined || --parcel.left === 0
    if (abandoned) holder.done()
    else if (event.outcome.type === 'failed' && NO_STUDY.includes(event.outcome.reason.code))
      broken(job, cannotStart(event.outcome.reason)).then(holder.done, leave)
    else say(job.study, await resultOf(holder, event), isLast).then(holder.done, leave)
  }

  async function resultOf(holder: Held, event: Extract<TrialEvent, { type: 'finished' }>) {
    const { job, checkpoint, startedAt, returned } = holder
    const outcome = await judge(holder, event.outcome)
    const isLost = outcome.type === 'lost'
    if (!isLost || !returned) counts[isLost ? 'lost' : 'finished']++
    const about = { study: job.study, trial: job.trial, attempt: job.attempt }
    log.info({ ...about, outcome: outcome.type }, 'finished')
    const seconds = startedAt === undefined ? 0 : (performance.now() - startedAt) / 1000
    return { ...event, outcome, seconds, checkpoint: await keep(job, checkpoint) }
  }

  /** What others are to hear of an outcome. */
  async function judge({ job, returned }: Held, outcome: Outcome): Promise<Outcome> {
    if (outcome.type !== 'lost') return outcome
    if (outcome.reason.code === 'engine.version') {
      const message = `${name}: ${outcome.reason.message}`
      log.warn({ study: job.study }, message)
      unfit.add(job.study)
      // Before the study tries again, or it would try here.
      await sayHere().catch(() => {})
      return { type: 'lost', reason: { ...outcome.reason, message } }
    }
    if (!leaving && !returned) return outcome
    return { type: 'lost', reason: leaving ? DRAINED : RETURNED }
  }

  /** What waits in a parcel behind a trial that takes longer than was to be expected goes to whoever is free. */
  function returnWaiting(): void {
    const all = [...held.values()]
    if (performance.now() - movedAt < patienceMs || all.every(({ startedAt }) => startedAt === undefined)) return
    for (const holder of all) returnUnbegun(holder)
  }

  function returnUnbegun(holder: Held): void {
    if (holder.single || holder.startedAt !== undefined) return
    holder.returned = true
    void local.cancel(holder.job.id)
  }

  /** Leaves what the trial saved where the scheduler finds it. */
  async function keep(job: WireJob, file: string): Promise<boolean> {
    const left = await checkpoints.leave(job.id, file)
    if (left === 'too large')
      log.warn({ study: job.study, trial: job.trial }, 'the checkpoint is too large to travel and stays behind')
    return left === true
  }

  function abandon(holder: Held): void {
    if (holder.abandoned) return
    holder.abandoned = true
    log.warn({ study: holder.job.study, trial: holder.job.trial }, 'lost the lock; the trial is given up')
    void local.cancel(holder.job.id)
  }

  function leave(error: unknown): void {
    if (closing) return
    log.error({ error: error instanceof Error ? error.message : String(error) }, 'cannot go on')
    failure = error
    void close()
  }

  async function drain(graceMs: number): Promise<void> {
    leaving = true
    await takers.pause()
    // What it still runs counts as lost if it says no longer that it is there.
    void sayHere().catch(() => {})
    log.info({ running: parcels.size }, 'leaving')
    for (const holder of held.values()) returnUnbegun(holder)
    const until = performance.now() + graceMs
    while (held.size > 0 && performance.now() < until) await sleep(50)
    for (const id of held.keys()) await local.cancel(id)
    const told = performance.now() + TELL_MS
    while (held.size > 0 && performance.now() < told) await sleep(20)
    await close()
  }

  function close(): Promise<void> {
    leaving = true
    closing ??= (async () => {
      clearInterval(announcing)
      clearInterval(returning)
      for (const holder of held.values()) holder.abandoned = true
      await local.close()
      for (const { done } of held.values()) done()
      await takers.close()
      // Commands wait for a server that is away; whoever leaves does not.
      await Promise.race([withdraw(commands, names, name), sleep(TELL_MS, undefined, { ref: false })]).catch(() => {})
      blocking.disconnect()
      commands.disconnect()
      rmSync(folder, { recursive: true, force: true })
      log.info({}, 'left')
      if (failure === undefined) end()
      else fail(failure)
    })()
    return closing
  }

  return {
    ...{ name, slots, record, ended, drain, close },
    counts: () => ({ running: parcels.size, ...counts }),
    state: () => (leaving ? 'leaving' : commands.status === 'ready' ? 'taking' : 'disconnected'),
  }
}
