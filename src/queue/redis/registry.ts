import type { Redis } from 'ioredis'
import type { Names } from './names.ts'
import { readWorker, type WorkerRecord } from './wire.ts'

/** Longer than Redis is away when it is restarted. */
const ABSENT_AFTER_MS = 30_000

/** Says that a worker is there. It expires by the clock of the server: those of the machines may differ. */
export async function announce(redis: Redis, names: Names, worker: WorkerRecord, ms = ABSENT_AFTER_MS): Promise<void> {
  await redis
    .multi()
    .sadd(names.workers, worker.name)
    .set(names.worker(worker.name), JSON.stringify(worker), 'PX', ms)
    .exec()
}

export async function withdraw(redis: Redis, names: Names, name: string): Promise<void> {
  await redis.multi().del(names.worker(name)).srem(names.workers, name).exec()
}

/** The workers that are there, by name. */
export async function listWorkers(redis: Redis, names: Names): Promise<WorkerRecord[]> {
  const known = await redis.smembers(names.workers)
  if (known.length === 0) return []
  const texts = await redis.mget(known.map((name) => names.worker(name)))
  const gone = known.filter((_, i) => texts[i] === null)
  if (gone.length > 0) await redis.srem(names.workers, ...gone)
  return texts
    .flatMap((text) => (text === null ? [] : (readWorker(text) ?? [])))
    .sort((a, b) => a.name.localeCompare(b.name))
}
