import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { serveStatus } from '../../../src/cli/status/serve.ts'
import { observeWorker } from '../../../src/cli/status/worker.ts'
import type { RunningWorker } from '../../../src/worker/contract.ts'
import { rejectionOf } from '../../helpers/errors.ts'

function worker(state: ReturnType<RunningWorker['state']> = 'taking', name = 'gpu-1') {
  const about = {
    name,
    slots: 4,
    running: [],
    spare: 2,
    classes: ['gpu-80g'],
    version: '0.1.0',
    engine: 'auto',
    labels: {},
    gpuMemory: 0,
    refuses: [],
  }
  return observeWorker({
    slots: 4,
    counts: () => ({ running: 3, finished: 120, lost: 2, refused: 1, restarts: 4 }),
    record: () => about,
    state: () => state,
  })
}

async function serve(state?: ReturnType<RunningWorker['state']>) {
  const status = await serveStatus(worker(state), { port: 0 })
  onTestFinished(() => status.close())
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${status.port}${path}`, init)
}

test.each([
  ['taking', 200, 'ok\n'],
  ['leaving', 503, 'is leaving and takes no more trials\n'],
  ['disconnected', 503, 'has no connection to Redis\n'],
] as const)('/healthz of one that is %s answers %i', async (state, status, text) => {
  const response = await (await serve(state))('/healthz')
  expect(response.status).toBe(status)
  expect(await response.text()).toBe(text)
})

test('/metrics is what Prometheus reads', async () => {
  const response = await (await serve())('/metrics?x=1')
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(await response.text()).toBe(`# HELP dynotune_worker_slots Trials that it can run at once.
# TYPE dynotune_worker_slots gauge
dynotune_worker_slots 4
# HELP dynotune_worker_busy_slots Trials that it runs.
# TYPE dynotune_worker_busy_slots gauge
dynotune_worker_busy_slots 3
# HELP dynotune_worker_trials_total Trials since it began, by what came of them.
# TYPE dynotune_worker_trials_total counter
dynotune_worker_trials_total{outcome="finished"} 120
dynotune_worker_trials_total{outcome="lost"} 2
dynotune_worker_trials_total{outcome="refused"} 1
# HELP dynotune_trainer_restarts_total Trainers that took the place of others.
# TYPE dynotune_trainer_restarts_total counter
dynotune_trainer_restarts_total 4
# HELP dynotune_worker_info What it is; always 1.
# TYPE dynotune_worker_info gauge
dynotune_worker_info{name="gpu-1",class="gpu-80g",version="0.1.0",engine="auto"} 1
`)
})

test('names with quotes, backslashes and line ends stay one label', () => {
  expect(worker('taking', 'a"b\\c\nd').metrics()).toContain('{name="a\\"b\\\\c\\nd",class=')
})

test('other paths and methods are turned away', async () => {
  const get = await serve()
  expect((await get('/')).status).toBe(404)
  const response = await get('/healthz', { method: 'POST' })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET, HEAD')
})

test('a port that is taken is refused by name', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  expect(await rejectionOf(serveStatus(worker(), { port }))).toMatchObject({
    ...{ code: 'option.invalid', path: '--http', value: port },
    message: expect.stringContaining('EADDRINUSE'),
  })
})

test('closing does not wait for those who keep their connection', async () => {
  const status = await serveStatus(worker(), { port: 0 })
  const idle = connect(status.port, '127.0.0.1')
  await once(idle, 'connect')
  const gone = once(idle, 'close')
  await status.close()
  await gone
})
