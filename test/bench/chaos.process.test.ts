import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hasRedis, NO_REDIS } from '../helpers/redis.ts'

const CHAOS = fileURLToPath(new URL('../../bench/chaos.ts', import.meta.url))

/** The short form of what `bench/chaos.ts` does for half an hour. */
test.skipIf(!hasRedis)(
  `nothing is lost or counted twice while workers, trainers, scheduler and Redis are killed and stopped${NO_REDIS}`,
  async () => {
    const words = [
      '--minutes',
      '0.7',
      '--trials',
      '60',
      '--workers',
      '4',
      '--every',
      '2',
      '--away',
      '5',
      '--cut',
      '2',
      '--quick',
    ]
    const child = spawn(process.execPath, [CHAOS, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    const [code] = await once(child, 'exit')
    const { done, broken } = JSON.parse(output.trim().split('\n').at(-1) ?? '{}')
    expect(broken).toEqual([])
    expect(code).toBe(0)
    expect((done.complete ?? 0) + (done.failed ?? 0)).toBe(60)
    expect(done.attempts).toBeGreaterThan(60)
  },
  180_000,
)
