import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { askRedis, findRedis } from '../../../src/cli/doctor/redis.ts'
import { temporaryFolder } from '../../helpers/folder.ts'

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

test('a real server answers with its version, and with a password only to who knows it', async (context) => {
  if (spawnSync('redis-server', ['--version']).status !== 0) return context.skip('redis-server is not installed here')
  const port = await freePort()
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--requirepass', 'a:secret']
  const child = spawn('redis-server', words, { cwd: temporaryFolder(), stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await new Promise<void>((resolve) =>
    child.stdout.setEncoding('utf8').on('data', (text: string) => text.includes('Ready to accept') && resolve()),
  )
  const url = `redis://:a%3Asecret@127.0.0.1:${port}`
  const { installed, server } = await findRedis(url)
  expect(installed).toMatch(/^\d+\.\d+/)
  expect(server).toEqual({ address: `127.0.0.1:${port}`, answers: true, version: installed })
  expect(await askRedis(`redis://127.0.0.1:${port}`)).toMatchObject({
    answers: false,
    detail: expect.stringMatching(/^NOAUTH/),
  })
})

test('without REDIS_URL no server is looked for', async () => {
  expect(await findRedis('')).not.toHaveProperty('server')
})
