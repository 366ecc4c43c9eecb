import { randomBytes } from 'node:crypto'
import { describe, onTestFinished } from 'vitest'
import { createRedisQueue } from '../../src/queue/redis/redis-queue.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { trialQueueConformance } from '../conformance/queue.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { hasRedis, NO_REDIS, redisForAll } from '../helpers/redis.ts'

describe.skipIf(!hasRedis)(`over Redis${NO_REDIS}`, () => {
  const server = redisForAll()

  trialQueueConformance('the queue over Redis', async ({ slots, module }) => {
    const { url } = server()
    const prefix = `test-${randomBytes(4).toString('hex')}`
    const secret = randomBytes(16).toString('hex')
    const worker = await startWorker({ url, prefix, secret, slots, engine: 'cpu', cache: temporaryFolder() })
    onTestFinished(() => worker.close())
    return createRedisQueue({ url, prefix, secret, module, name: 'behaviours', study: randomBytes(8).toString('hex') })
  })
})
