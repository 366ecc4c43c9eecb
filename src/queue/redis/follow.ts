import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'

const RETRY_MS = 500

/**
 * Reads a stream until it is over, entry after entry, and goes on where it was when the server has been away. An entry at which
 * `heed` fails comes again.
 * @param redis a connection of its own, which it blocks
 * @param from the id after which it begins; `$` for what comes from now on
 */
export async function follow(
  redis: Redis,
  key: string,
  from: string,
  isOver: () => boolean,
  heed: (at: string, fields: readonly string[]) => Promise<void>,
): Promise<void> {
  let last = from
  while (!isOver()) {
    try {
      const reply = await redis.xread('COUNT', 500, 'BLOCK', 1000, 'STREAMS', key, last)
      for (const [, entries] of reply ?? [])
        for (const [at, fields] of entries) {
          await heed(at, fields)
          last = at
        }
    } catch {
      if (!isOver()) await sleep(RETRY_MS)
    }
  }
}
