import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Redis } from 'ioredis'
import type { TrialJob } from '../../runner/job.ts'
import { makeFolder } from '../../store/make-folder.ts'
import { writeWhole } from '../../store/write-whole.ts'
import type { Names } from './names.ts'
import type { WireJob } from './wire.ts'

/** How large a checkpoint may travel, in bytes. Redis takes no value above twice of it. */
const LARGEST_CHECKPOINT = 256 * 2 ** 20
const LEFT_BEHIND_SECONDS = 24 * 3600

/** The way of checkpoints between the scheduler's files and those of workers. They stay in Redis for the way only. */
export function checkpointsIn(redis: Redis, names: Names) {
  async function put(key: string, file: string): Promise<void> {
    await redis.set(key, readFileSync(file), 'EX', LEFT_BEHIND_SECONDS)
  }

  return {
    /** Puts what a job goes on from where its worker finds it: its own checkpoint, or else another trial's. */
    async offer(id: string, { attempt, phase, checkpoint, inherits }: TrialJob): Promise<WireJob['begins']> {
      if (attempt === 1 && phase === 'run' && inherits === undefined) return undefined
      const from = existsSync(checkpoint) ? checkpoint : inherits
      if (from === undefined || !existsSync(from)) return undefined
      await put(names.checkpoint(id, 'before'), from)
      return from === checkpoint ? 'own' : 'inherited'
    },
    /** Writes what a job is to go on from; false where it is not there any more. */
    async begin(id: string, file: string): Promise<boolean> {
      const saved = await redis.getBuffer(names.checkpoint(id, 'before'))
      if (saved) writeFileSync(file, saved)
      return saved !== null
    },
    /** Leaves what a trial saved where the scheduler finds it; `too large` where it cannot. */
    async leave(id: string, file: string): Promise<boolean | 'too large'> {
      if (!existsSync(file)) return false
      if (statSync(file).size > LARGEST_CHECKPOINT) return 'too large'
      await put(names.checkpoint(id, 'after'), file)
      return true
    },
    /** Brings it to the scheduler's file, which is there whole or not at all. */
    async collect(id: string, file: string): Promise<void> {
      const saved = await redis.getBuffer(names.checkpoint(id, 'after'))
      if (!saved) return
      makeFolder(dirname(file))
      writeWhole(file, saved)
    },
  }
}
