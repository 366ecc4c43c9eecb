import type { Redis } from 'ioredis'
import type { Names } from './names.ts'
import { readStudy, readWorker, type StudySaid, type WorkerRecord } from './wire.ts'

/** Longer than Redis is away when it is restarted. */
const ABSENT_AFTER_MS = 30_000

/** Says that a worker is there. It expires by the clock of the server: those of the machines may differ. */
export function announce(redis: Redis, names: Names, worker: WorkerRecord, ms?: number): Promise<void> {
  return enter(redis, names.workers, worker.name, names.worker(worker.name), worker, ms)
}

export async function withdraw(redis: Redis, names: Names, name: string): Promise<void> {
  await redis.multi().del(names.worker(name)).srem(names.workers, name).exec()
}

/** The workers that are there, by name. */
export async function listWorkers(redis: Redis, names: Names): Promise<WorkerRecord[]> {
  const texts = await list(redis, names.workers, names.worker)
  return texts.flatMap((text) => readWorker(text) ?? []).sort((a, b) => a.name.localeCompare(b.name))
}

/** Says that a study has a scheduler. */
export function announceStudy(redis: Redis, names: Names, said: StudySaid): Promise<void> {
  return enter(redis, names.studies, said.study, names.study(said.study).record, said)
}

/** The studies that have a scheduler now, by name. */
export async function listStudies(redis: Redis, names: Names): Promise<StudySaid[]> {
  const texts = await list(redis, names.studies, (study) => names.study(study).record)
  return texts.flatMap((text) => readStudy(text) ?? []).sort((a, b) => a.name.localeCompare(b.name))
}

async function enter(redis: Redis, set: string, member: string, key: string, value: object, ms = ABSENT_AFTER_MS) {
  await redis.multi().sadd(set, member).set(key, JSON.stringify(value), 'PX', ms).exec()
}

/** What the members of a set say; those that say nothing any more are taken out. */
async function list(redis: Redis, set: string, keyOf: (member: string) => string): Promise<string[]> {
  const members = await redis.smembers(set)
  if (members.length === 0) return []
  const texts = await redis.mget(members.map(keyOf))
  const gone = members.filter((_, i) => texts[i] === null)
  if (gone.length > 0) await redis.srem(set, ...gone)
  return texts.filter((text) => text !== null)
}
