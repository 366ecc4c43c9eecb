import { describe, expect, test } from 'vitest'
import { askRedis, findRedis } from '../../../src/cli/doctor/redis.ts'
import { hasRedis, NO_REDIS, redisForTest } from '../../helpers/redis.ts'

describe.skipIf(!hasRedis)(`what there is of Redis${NO_REDIS}`, () => {
  test('a real server answers with its version, and with a password only to who knows it', async () => {
    const { port } = await redisForTest({ acl: ['user default on >a:secret ~* &* +@all'] })
    const { installed, server } = await findRedis(`redis://:a%3Asecret@127.0.0.1:${port}`)
    expect(installed).toMatch(/^\d+\.\d+/)
    expect(server).toEqual({ address: `127.0.0.1:${port}`, answers: true, version: installed })
    expect(await askRedis(`redis://127.0.0.1:${port}`)).toMatchObject({
      answers: false,
      detail: 'it wants a password (NOAUTH)',
    })
  })
})

test('without REDIS_URL no server is looked for', async () => {
  expect(await findRedis('')).not.toHaveProperty('server')
})
