import { setTimeout as sleep } from 'node:timers/promises'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { createLogUpdate } from 'log-update'
import { checkServer, connect } from '../queue/redis/connection.ts'
import { type Names, namesUnder } from '../queue/redis/names.ts'
import { serves } from '../queue/redis/places.ts'
import { listStudies, listWorkers } from '../queue/redis/registry.ts'
import { addressOf, redact } from '../queue/redis/url.ts'
import type { StudySaid, WorkerRecord } from '../queue/redis/wire.ts'
import { oneLine, plural } from '../report/format.ts'
import { packageVersion } from '../runner/environment.ts'
import { EXIT } from './exit.ts'
import { formatTable } from './format.ts'
import { keyPart, redisUrl } from './options.ts'
import { isLive } from './views/create.ts'

export interface TopArguments {
  readonly redis: string | undefined
  readonly prefix: string
  readonly once: boolean
  readonly json: boolean
}

/** What there is at one moment, and what `--json` prints. */
export interface Snapshot {
  /** Those that have a scheduler now. */
  readonly studies: readonly StudySaid[]
  readonly workers: readonly (Omit<WorkerRecord, 'running'> & { readonly busy: number })[]
  /** The trials of this version of Dynotune, by class. */
  readonly queues: readonly ClassQueue[]
}

export interface ClassQueue {
  readonly class: string
  /** Handed out by a run, taken by nobody. */
  readonly waiting: number
  readonly running: number
  /** Of the workers that take this class and have this version. */
  readonly slots: number
}

const REFRESH_MS = 1000

/** `dynotune top`: the workers of a Redis and their queues, until Ctrl-C, or once. Returns the exit code. */
export async function topCommand(args: TopArguments): Promise<number> {
  const names = namesUnder(keyPart('--prefix', args.prefix))
  const url = redisUrl(args.redis)
  const redis = connect(url, 'commands', { name: 'dynotune-top' })
  const observer = observe(redis, names)
  try {
    await checkServer(redis)
    const snapshot = await observer.look()
    const address = addressOf(url)
    if (args.json || !process.stdout.isTTY)
      console.log(
        JSON.stringify({ redis: address, prefix: names.prefix, version: packageVersion(), ...snapshot }, null, 2),
      )
    else if (args.once || !isLive()) console.log(snapshotText(snapshot))
    else await watch(redis, observer, snapshot, address)
    return EXIT.done
  } finally {
    redis.disconnect()
    await observer.close()
  }
}

interface Observer {
  look(): Promise<Snapshot>
  close(): Promise<void>
}

function observe(redis: Redis, names: Names): Observer {
  const queues = new Map<string, Queue>()

  function queueOf(resourceClass: string): Queue {
    const known = queues.get(resourceClass)
    if (known) return known
    // Whoever only looks creates no queue.
    const options = { connection: redis, prefix: names.prefix, skipMetasUpdate: true }
    const queue = new Queue(names.queue(resourceClass), options)
    queue.on('error', () => {})
    queues.set(resourceClass, queue)
    return queue
  }

  async function countsOf(resourceClass: string, workers: readonly WorkerRecord[]): Promise<ClassQueue> {
    const counts = await queueOf(resourceClass).getJobCounts('wait', 'prioritized', 'delayed', 'active')
    const { wait = 0, prioritized = 0, delayed = 0, active = 0 } = counts
    const fit = workers.filter((worker) => worker.version === packageVersion() && serves(worker, resourceClass))
    const slots = fit.reduce((sum, worker) => sum + worker.slots, 0)
    return { class: resourceClass, waiting: wait + prioritized + delayed, running: active, slots }
  }

  return {
    async look() {
      const [studies, workers, queued] = await Promise.all([
        listStudies(redis, names),
        listWorkers(redis, names),
        listClasses(redis, names),
      ])
      const taken = workers.filter(({ version }) => version === packageVersion()).flatMap(({ classes }) => classes)
      const classes = [...new Set([...queued, ...taken])].sort()
      return {
        studies,
        workers: workers.map(({ running, ...worker }) => ({ ...worker, busy: running.length })),
        queues: await Promise.all(classes.map((each) => countsOf(each, workers))),
      }
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close().catch(() => {})))
    },
  }
}

/** The classes that a run has made a queue for: there may be one that no worker takes. */
async function listClasses(redis: Redis, names: Names): Promise<string[]> {
  const pattern = `${names.prefix}:${names.queue('*')}:meta`
  const [before = '', after = ''] = pattern.split('*')
  const found: string[] = []
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1000)
    found.push(...keys.map((key) => key.slice(before.length, -after.length)))
    cursor = next
  } while (cursor !== '0')
  return found
}

async function watch(redis: Redis, { look }: Observer, first: Snapshot, address: string): Promise<void> {
  const { stdout } = process
  const update = createLogUpdate(stdout)
  const interruption = new AbortController()
  const { signal } = interruption
  // Commands wait for a server that is away; whoever leaves does not.
  const end = () => {
    interruption.abort()
    redis.disconnect()
  }
  let snapshot = first
  let trouble = ''

  function draw(): void {
    const away = redis.status === 'ready' ? trouble : 'no connection, the last that is known'
    const lines = [['dynotune top', `redis ${address}`, away].filter(Boolean).join(' · '), '', snapshotText(snapshot)]
    const width = (stdout.columns ?? 80) - 1
    update(
      lines
        .join('\n')
        .split('\n')
        .map((line) => cut(line, width))
        .join('\n'),
    )
  }

  process.on('SIGINT', end).on('SIGTERM', end)
  const timer = setInterval(draw, REFRESH_MS)
  try {
    while (!signal.aborted) {
      draw()
      await sleep(REFRESH_MS, undefined, { signal }).catch(() => {})
      try {
        snapshot = await look()
        trouble = ''
      } catch (error) {
        trouble = oneLine(redact(error instanceof Error ? error.message : String(error)), 200)
      }
    }
  } finally {
    clearInterval(timer)
    process.off('SIGINT', end).off('SIGTERM', end)
    update.done()
  }
}

const cut = (line: string, width: number) => (line.length > width ? `${line.slice(0, width - 1)}…` : line)

/** Tables of studies, workers and queues with their totals. */
export function snapshotText({ studies, workers, queues }: Snapshot): string {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const slots = sum(workers.map((worker) => worker.slots))
  const busy = sum(workers.map((worker) => worker.busy))
  const waiting = sum(queues.map((queue) => queue.waiting))
  const totals = `${plural(workers.length, 'worker')}, ${busy} of ${plural(slots, 'slot')} busy, ${plural(waiting, 'trial')} waiting`
  return [
    totals,
    ...(studies.length > 0 ? ['', studyTable(studies)] : []),
    ...(workers.length > 0 ? ['', workerTable(workers)] : []),
    ...(queues.length > 0 ? ['', queueTable(queues)] : []),
  ].join('\n')
}

function studyTable(studies: Snapshot['studies']): string {
  return formatTable(
    ['study', 'class', 'priority', 'weight', 'jobs', 'slots'],
    studies.map(({ name, class: resourceClass, priority, weight, jobs, slots }) => [
      ...[oneLine(name, 60), oneLine(resourceClass, 40)],
      ...[priority, weight, jobs, slots].map(String),
    ]),
  )
}

function workerTable(workers: Snapshot['workers']): string {
  return formatTable(
    ['worker', 'class', 'version', 'engine', 'busy', 'slots', 'labels'],
    workers.map(({ name, classes, version, engine, busy, slots, labels }) => [
      ...[oneLine(name, 60), oneLine(classes.join(','), 40), oneLine(version, 20), oneLine(engine, 20)],
      ...[String(busy), String(slots)],
      oneLine(
        Object.entries(labels)
          .map(([label, value]) => `${label}=${value}`)
          .join(' '),
        100,
      ),
    ]),
  )
}

function queueTable(queues: readonly ClassQueue[]): string {
  return formatTable(
    ['class', 'waiting', 'running', 'slots'],
    queues.map((queue) => [oneLine(queue.class, 40), ...[queue.waiting, queue.running, queue.slots].map(String)]),
  )
}
