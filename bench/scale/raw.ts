/* BullMQ alone: `node raw.ts OPTIONS` with `url`, `name` and `concurrency` in JSON runs a worker that does nothing. */
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'

const { url, name, concurrency } = JSON.parse(process.argv[2] ?? '{}')
const worker = new Worker(name, async () => {}, {
  connection: new Redis(url, { maxRetriesPerRequest: null }),
  concurrency,
})
await worker.waitUntilReady()
console.log('joined')
