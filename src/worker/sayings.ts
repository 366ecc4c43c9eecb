import type { Redis } from 'ioredis'
import type { Names } from '../queue/redis/names.ts'
import { type WireEvent, writeEvent } from '../queue/redis/wire.ts'

/** What a worker says on the streams of studies, in order; what is said at about the same time travels together. */
export interface Sayings {
  /**
   * Over when it is on the stream: at once where it is urgent, with all that was said before, else within a hundredth of a
   * second.
   */
  say(study: string, event: WireEvent, urgent: boolean): Promise<void>
}

/** What waits to be said of one study. */
interface Line {
  readonly texts: string[]
  readonly said: PromiseWithResolvers<void>
  readonly timer: NodeJS.Timeout
  urgent: boolean
}

const WITHIN_MS = 10
const MOST = 64
/** For how long a study's events wait for a scheduler, and how often they are told so. */
const EXPIRE_SECONDS = 7 * 24 * 3600
const EXPIRE_EVERY_MS = 60_000

export function createSayings(redis: Redis, names: Names): Sayings {
  const lines = new Map<string, Line>()
  const expiry = new Map<string, number>()

  function begin(study: string): Line {
    const timer = setTimeout(() => send(study), WITHIN_MS)
    const line = { texts: [], said: Promise.withResolvers<void>(), timer, urgent: false }
    lines.set(study, line)
    return line
  }

  /** Commands of one connection arrive in their order: what is not waited for does not overtake. */
  function send(study: string): void {
    const line = lines.get(study)
    if (!line) return
    const { texts, said, timer } = line
    lines.delete(study)
    clearTimeout(timer)
    const key = names.study(study).events
    redis.xadd(key, '*', ...texts.flatMap((text) => ['event', text])).then(() => said.resolve(), said.reject)
    const now = performance.now()
    if (now - (expiry.get(study) ?? Number.NEGATIVE_INFINITY) < EXPIRE_EVERY_MS) return
    expiry.set(study, now)
    void redis.expire(key, EXPIRE_SECONDS).catch(() => {})
  }

  return {
    say(study, event, urgent) {
      const line = lines.get(study) ?? begin(study)
      line.texts.push(writeEvent(event))
      if (!line.urgent && (urgent || line.texts.length >= MOST)) {
        line.urgent = true
        // After what else has happened by now.
        setImmediate(send, study)
      }
      return line.said.promise
    },
  }
}
