import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Names } from './names.ts'

/** The BullMQ queues of the places where jobs of a study wait, each opened when it is first asked for. */
export interface Queues {
  at(place: string): Queue
  close(): Promise<void>
}

export function createQueues(redis: Redis, names: Names): Queues {
  const queues = new Map<string, Queue>()
  return {
    at(place) {
      const known = queues.get(place)
      if (known) return known
      const options = { connection: redis, prefix: names.prefix, streams: { events: { maxLen: 1000 } } }
      const queue = new Queue(names.queue(place), options)
      // What cannot be reached is an event as well, which would end the process if nobody listened.
      queue.on('error', () => {})
      queues.set(place, queue)
      return queue
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close().catch(() => {})))
    },
  }
}
