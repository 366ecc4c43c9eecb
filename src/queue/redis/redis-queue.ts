import { setTimeout as sleep } from 'node:timers/promises'
import { DynotuneError } from '../../errors.ts'
import { bundleStudy } from '../../runner/bundle.ts'
import type { TrialEvent, TrialJob } from '../../runner/job.ts'
import type { Outcome } from '../../study/trial.ts'
import { createChannel } from '../channel.ts'
import { CANCELLED, type TrialQueue } from '../queue.ts'
import { checkpointsIn } from './checkpoints.ts'
import { checkServer, connect } from './connection.ts'
import { follow } from './follow.ts'
import { CLASS, namesUnder } from './names.ts'
import type { RedisQueueOptions } from './options.ts'
import { createPace, emptyParcel, type Flight, type Parcel } from './parcels.ts'
import { placeOf } from './places.ts'
import { createQueues } from './queues.ts'
import { createStanding } from './standing.ts'
import { readEvent, readKept, seal, type WorkerRecord, writeKept } from './wire.ts'

/** An event, and its place in the stream when it came from there. */
interface Arrival {
  readonly event?: TrialEvent
  readonly at?: string
}

/** BullMQ never lets a job without a priority wait for one with it, so that all have one. The lower ones come first. */
const PRIORITY = 1000
const BUNDLE_SECONDS = 30 * 24 * 3600
const LEFT_BEHIND_SECONDS = 24 * 3600
/** How long a run that ends tries to take back what it has handed out. */
const TELL_MS = 5000

/**
 * The queue over Redis: any number of workers (`src/worker/`) take its jobs through BullMQ.
 *
 * - A BullMQ job is a parcel: one attempt, or several short ones that were submitted together (`parcels.ts`). It is never run
 *   twice: BullMQ fails one whose worker fell silent, this reports its attempts lost, and the scheduler's next have other fences.
 *   What a worker that had only stopped says later carries the old one.
 * - What happens comes back on a stream of the study's own. What the consumer has not finished with when it asks for the next
 *   event is still there for another process, which also finds the jobs on their way (`recover`).
 * - Nothing relies on being told: jobs that are neither in the queue nor with a worker for `lostAfterMs` are lost.
 */
export function createRedisQueue(options: RedisQueueOptions): TrialQueue {
  const { url, study, module, secret, resourceClass = CLASS, everyMs = 1000, lostAfterMs = 10_000 } = options
  const { priority = 0 } = options
  const names = namesUnder(options.prefix)
  const keys = names.study(study)
  const channel = createChannel<Arrival>(options.onLag)
  /** Submitted and not finished, by the id that they have in Redis. */
  const flights = new Map<string, Flight>()
  /** Submitted and not acknowledged. */
  const known = new Set<string>()
  /** Submitted in this turn, and to travel together. */
  const outgoing: (Pick<Flight, 'id' | 'job'> & { readonly place: string })[] = []
  let sending: Promise<void> | undefined
  const pace = createPace()
  /** Parcels given up, and still to be taken from BullMQ once nobody holds their lock, with the jobs in them. */
  const discarded = new Map<Parcel, string[]>()
  /** Acknowledged, and still to be forgotten. */
  const acknowledged: string[] = []
  /** Those of which there may be a checkpoint in Redis. */
  const carried = new Set<string>()
  const trainers = new Map<string, number>()
  const noted = new Set<string>()
  const commands = connect(url, 'commands')
  const checkpoints = checkpointsIn(commands, names)
  const blocking = connect(url, 'blocking')
  const queues = createQueues(commands, names)
  const base = placeOf({ ...(options.gpuMemory && { gpuMemory: options.gpuMemory }) }, resourceClass)
  if (!options.isPerTrial) queues.at(base)
  const standing = createStanding({ redis: commands, names, queues, base, options, flights, note })
  let closed = false
  const ending = new AbortController()
  let watched: Promise<void> | undefined
  let lastRead = '0-0'
  let handled: string | undefined
  let slots: number | undefined
  let unserved = 0
  const bundle = options.bundle ? Promise.resolve(options.bundle) : bundleStudy(module)
  // Whoever awaits it hears of it, which nobody does where Redis refuses as well.
  bundle.catch(() => {})
  const opened = open()
  opened.catch((error: unknown) => channel.fail(error instanceof Error ? error : new Error(String(error))))

  async function open(): Promise<void> {
    const { warnings } = await checkServer(commands)
    for (const warning of warnings) note(warning)
    await putBundle()
    options.onBundle?.(await bundle)
  }

  async function putBundle(): Promise<void> {
    const { digest, code } = await bundle
    await commands.set(names.bundle(digest), code, 'EX', BUNDLE_SECONDS)
  }

  function note(text: string): void {
    if (noted.has(text)) return
    noted.add(text)
    channel.push({ event: { type: 'note', text } })
  }

  const idOf = (job: Pick<TrialJob, 'id'>) => `${study}-${job.id}`

  async function ask(ids: readonly string[], what: 'stop' | 'cancel'): Promise<void> {
    const asking = commands.multi()
    for (const id of ids)
      asking.hset(keys.asks, id, what).xadd(names.control, 'MAXLEN', '~', 1000, '*', 'id', id, 'ask', what)
    await asking.expire(keys.asks, LEFT_BEHIND_SECONDS).exec()
  }

  function finish(id: string, outcome: Outcome, { at, output = '' }: { at?: string; output?: string } = {}): void {
    const flight = flights.get(id)
    if (!flight) return
    flights.delete(id)
    const { job, parcel } = flight
    parcel.flights.delete(flight)
    // Its worker may have left one without having come to say so.
    if (outcome.type === 'lost') carried.add(id)
    channel.push({
      event: { type: 'finished', id: job.id, fence: job.fence, outcome, output },
      ...(at !== undefined && { at }),
    })
  }

  /** @param at its place in the stream, where it is the last there */
  async function arrive(text: string, at: string | undefined): Promise<void> {
    const event = readEvent(text)
    if (!event) note('Something on the stream of this study is not from a worker; it is passed over.')
    if (event?.type === 'broken') {
      const { code, message, remedy } = event.reason
      channel.fail(new DynotuneError(code, message, { ...(remedy !== undefined && { remedy }) }))
      return
    }
    const flight = event && flights.get(event.id)
    const place = at === undefined ? {} : { at }
    if (!event || !flight || flight.job.fence !== event.fence) {
      channel.push(place)
      return
    }
    const { job, parcel } = flight
    delete flight.unseen
    const about = { id: job.id, fence: job.fence }
    if (event.type === 'started') {
      parcel.worker = event.worker
      const which = `${event.worker} ${event.trainer}`
      const trainer = trainers.get(which) ?? trainers.size
      trainers.set(which, trainer)
      const environment = { ...event.environment, worker: event.worker }
      channel.push({ ...place, event: { type: 'started', ...about, trainer, environment } })
    } else if (event.type === 'measured') {
      channel.push({ ...place, event: { type: 'measured', ...about, measurements: event.measurements } })
    } else {
      if (event.checkpoint) {
        carried.add(event.id)
        await checkpoints.collect(event.id, job.checkpoint)
      }
      if (event.outcome.type !== 'lost') pace.took(event.seconds)
      finish(event.id, event.outcome, { ...place, output: event.output })
    }
  }

  /** Goes through the stream from its beginning: what is there nobody has finished with. */
  function read(): Promise<void> {
    return follow(
      blocking,
      keys.events,
      lastRead,
      () => closed,
      async (at, fields) => {
        // Names and values take turns. Only with the last of them all of an entry is dealt with.
        for (let i = 1; i < fields.length; i += 2) await arrive(fields[i] ?? '', i + 2 < fields.length ? undefined : at)
        lastRead = at
      },
    )
  }

  async function look(): Promise<void> {
    const now = await standing.look()
    if (now.slots !== slots || now.unserved !== unserved)
      channel.push({
        event: { type: 'slots', slots: now.slots, ...(now.unserved > 0 && { unserved: now.unserved }) },
      })
    slots = now.slots
    unserved = now.unserved
    if (!(await commands.exists(names.bundle((await bundle).digest)))) await putBundle()
    await seek(now.workers)
    await forget()
    for (const [parcel, ids] of discarded) if (await withdraw(parcel, ids)) discarded.delete(parcel)
    if (handled !== undefined) await commands.xtrim(keys.events, 'MINID', next(handled))
  }

  const parcels = () => new Set([...flights.values()].map(({ parcel }) => parcel))

  /** Reports what nobody has any more, once it is certain that its end is not still to be read. */
  async function seek(workers: readonly WorkerRecord[]): Promise<void> {
    if (flights.size === 0) return
    const out = [...parcels()]
    const [last, found] = await Promise.all([
      commands.xrevrange(keys.events, '+', '-', 'COUNT', 1),
      Promise.all(out.map(({ id, place }) => commands.exists(names.job(place, id)))),
    ])
    const isRead = last[0] === undefined || last[0][0] === lastRead
    const present = new Set(workers.map(({ name }) => name))
    const held = new Set(workers.flatMap(({ running }) => running))
    const now = performance.now()
    for (const [i, parcel] of out.entries()) {
      const { worker } = parcel
      const waits = found[i] === 1 && (worker === undefined || present.has(worker))
      for (const flight of parcel.flights) {
        if (waits || held.has(parcel.id)) delete flight.unseen
        else flight.unseen ??= now
        if (flight.unseen === undefined || now - flight.unseen < lostAfterMs || !isRead) continue
        const message = worker ? `The worker ${worker} is gone.` : 'The queue no longer has the job.'
        finish(flight.id, { type: 'lost', reason: { code: 'worker.lost', message } })
        discarded.set(parcel, [...(discarded.get(parcel) ?? []), flight.id])
      }
    }
  }

  /** Sends what was submitted meanwhile. */
  async function dispatch(): Promise<void> {
    sending = undefined
    const all = outgoing.splice(0)
    const size = pace.together(flights.size + all.length, slots ?? 0)
    const sent: Promise<void>[] = []
    for (const [place, there] of Map.groupBy(all, ({ place }) => place)) {
      for (const each of there.filter(({ job }) => job.alone)) sent.push(send([each], place))
      const others = there.filter(({ job }) => !job.alone)
      while (others.length > 0) sent.push(send(others.splice(0, size), place))
    }
    await Promise.all(sent)
  }

  /** Sends a parcel of its own; whoever takes it finds it whole. */
  async function send(contents: readonly Pick<Flight, 'id' | 'job'>[], place: string): Promise<void> {
    const [first] = contents
    if (!first) return
    const parcel = emptyParcel(first.id, place)
    for (const { id, job } of contents) {
      const flight = { id, job, parcel }
      parcel.flights.add(flight)
      flights.set(id, flight)
    }
    parcel.sent = put(parcel)
    await parcel.sent
  }

  async function put({ id, place, flights }: Parcel): Promise<void> {
    const [{ digest }, ...wire] = await Promise.all([bundle, ...[...flights].map(wireOf)])
    const kept = wire.flatMap((job) => [job.id, writeKept({ ...job, parcel: id, place })])
    await Promise.all([
      commands.hset(keys.jobs, ...kept),
      queues.at(place).add('trials', seal({ study, bundle: digest, jobs: wire }, secret), {
        jobId: id,
        priority: PRIORITY - clamp(priority),
        removeOnComplete: true,
        removeOnFail: true,
      }),
    ])
  }

  async function wireOf({ id, job }: Flight) {
    const { checkpoint: _, inherits: __, module: ___, ...rest } = job
    const begins = await checkpoints.offer(id, job)
    if (begins) carried.add(id)
    return { ...rest, class: job.class ?? resourceClass, id, ...(begins && { begins }) }
  }

  /**
   * Takes those that are cancelled out of a parcel that waits and sends the others on; of one that a worker has, that is asked
   * to cancel them.
   */
  async function recall(parcel: Parcel): Promise<void> {
    await parcel.sent
    const [rank, removed] = await Promise.all([
      commands.zscore(names.waiting(parcel.place), parcel.id),
      queues.at(parcel.place).remove(parcel.id),
    ])
    const ids = [...parcel.cancelled]
    parcel.cancelled.clear()
    if (removed !== 1) return ask(ids, 'cancel')
    for (const id of ids) finish(id, { type: 'lost', reason: CANCELLED })
    // What did not wait a worker may have run, though the queue had forgotten it: it counts as lost once that is certain.
    if (rank !== null && parcel.flights.size > 0) await send([...parcel.flights], parcel.place)
  }

  function cancelIn(parcel: Parcel, id: string): Promise<void> {
    parcel.cancelled.add(id)
    parcel.recall ??= recall(parcel).finally(() => {
      parcel.recall = undefined
    })
    return parcel.recall
  }

  async function watch(): Promise<void> {
    while (!closed) {
      await look().catch(() => {})
      await sleep(everyMs, undefined, { signal: ending.signal }).catch(() => {})
    }
  }

  async function* events(): AsyncGenerator<readonly TrialEvent[]> {
    await opened.catch(() => {})
    watched = watch()
    void read()
    for await (const arrivals of channel) {
      yield arrivals.flatMap(({ event }) => event ?? [])
      handled = arrivals.findLast(({ at }) => at !== undefined)?.at ?? handled
    }
  }

  return {
    async recover(adopt) {
      await opened
      const found = new Map<string, Parcel>()
      const unwanted: [Parcel, string][] = []
      for (const [id, text] of Object.entries(await commands.hgetall(keys.jobs))) {
        const kept = readKept(text)
        const parcel = found.get(kept?.parcel ?? id) ?? emptyParcel(kept?.parcel ?? id, kept?.place ?? base)
        found.set(parcel.id, parcel)
        carried.add(id)
        const job = kept && adopt({ ...kept, id: kept.id.slice(study.length + 1) })
        if (job) {
          known.add(job.id)
          const flight = { id, job, parcel }
          flights.set(id, flight)
          parcel.flights.add(flight)
        } else {
          unwanted.push([parcel, id])
          acknowledged.push(id)
        }
      }
      await Promise.all(unwanted.map(([parcel, id]) => cancelIn(parcel, id)))
    },
    async submit(job) {
      if (closed) throw new DynotuneError('queue.closed', 'The queue is closed.', { value: job.id })
      if (known.has(job.id))
        throw new DynotuneError('queue.duplicate', 'A job with this id is in the queue already.', { value: job.id })
      known.add(job.id)
      await opened
      outgoing.push({ id: idOf(job), job, place: placeOf(job, resourceClass) })
      // Whatever else is submitted in this turn is there by then.
      sending ??= Promise.resolve().then(dispatch)
      await sending
    },
    async stop(id) {
      if (flights.has(idOf({ id }))) await ask([idOf({ id })], 'stop')
    },
    async cancel(id) {
      for (let flight = flights.get(idOf({ id })); flight; ) {
        const { parcel } = flight
        await cancelIn(parcel, flight.id)
        flight = flights.get(flight.id)
        // Or it came too late for this time, and perhaps for this parcel.
        if (flight?.parcel === parcel && !parcel.cancelled.has(flight.id)) return
      }
    },
    async acknowledge(id) {
      if (known.delete(id)) acknowledged.push(idOf({ id }))
    },
    events,
    async close() {
      if (closed) return
      closed = true
      ending.abort()
      // Commands wait for a server that is away; whoever ends a run does not.
      await Promise.race([clear().catch(() => {}), sleep(TELL_MS, undefined, { ref: false })])
      blocking.disconnect()
      await queues.close()
      commands.disconnect()
      channel.end()
    },
  }

  /** Takes back what is on its way, and all that is kept of the study. */
  async function clear(): Promise<void> {
    await opened
    // Or what it says last would be said of a study that is over.
    await watched
    const left = [...parcels()].map((parcel) => [parcel, [...parcel.flights].map(({ id }) => id)] as const)
    for (const [parcel, ids] of [...left, ...discarded]) await withdraw(parcel, ids)
    await forget()
    await commands.srem(names.studies, study)
    await commands.del(keys.events, keys.jobs, keys.record, ...(left.length === 0 ? [keys.asks] : []))
  }

  /** True when it was still waiting; a worker that has it is asked to cancel its jobs. */
  async function withdraw({ id, place }: Parcel, ids: readonly string[]): Promise<boolean> {
    if ((await queues.at(place).remove(id)) === 1) return true
    await ask(ids, 'cancel')
    return false
  }

  /** Many at once; what a scheduler that dies has not forgotten yet, the next finds to be over. */
  async function forget(): Promise<void> {
    const ids = acknowledged.splice(0)
    if (ids.length === 0) return
    const saved = ids
      .filter((id) => carried.delete(id))
      .flatMap((id) => [names.checkpoint(id, 'before'), names.checkpoint(id, 'after')])
    await Promise.all([
      commands.hdel(keys.jobs, ...ids),
      commands.hdel(keys.asks, ...ids),
      saved.length > 0 && commands.unlink(saved),
    ])
  }
}

function clamp(priority: number): number {
  return Math.min(PRIORITY - 1, Math.max(-PRIORITY, Math.round(priority)))
}

/** The id after one of a stream. */
function next(at: string): string {
  const [ms = '0', sequence = '0'] = at.split('-')
  return `${ms}-${BigInt(sequence) + 1n}`
}
