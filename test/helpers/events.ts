import type { TrialQueue } from '../../src/queue/queue.ts'
import type { TrialEvent } from '../../src/runner/job.ts'

/** The events of a queue one by one. */
export async function* eventsOf(queue: TrialQueue): AsyncGenerator<TrialEvent> {
  for await (const events of queue.events()) yield* events
}
