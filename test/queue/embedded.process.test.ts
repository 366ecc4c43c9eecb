import { createEmbeddedQueue } from '../../src/queue/embedded.ts'
import { trialQueueConformance } from '../conformance/queue.ts'

trialQueueConformance('the embedded queue', ({ slots, module }) =>
  createEmbeddedQueue({ slots, module, engine: 'cpu' }),
)
