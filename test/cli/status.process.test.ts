import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cli, startCli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'
import { hasRedis, NO_REDIS, redisForTest } from '../helpers/redis.ts'

const STEADY = fileURLToPath(new URL('../fixtures/studies/steady.ts', import.meta.url))

/** A run that serves its status; what it answers; and a wait until a metric is as wished. */
async function served(folder: string, ...words: readonly string[]) {
  const run = startCli(['run', STEADY, '--http', '0', ...words], folder)
  const address = () => /\/metrics: (http:\S+)/.exec(run.stdout())?.[1]
  await until(() => address() !== undefined, 'its address')
  const get = async (path: string) => (await fetch(`${address()}${path}`)).text()
  async function metrics() {
    const pairs = (await get('/metrics')).matchAll(/^(dynotune_\S+) (\S+)$/gm)
    return new Map([...pairs].map(([, name = '', value]) => [name, Number(value)]))
  }
  async function wait(name: string, isSo: (value: number | undefined) => boolean) {
    for (let tries = 0; tries < 500; tries++) {
      const all = await metrics()
      if (isSo(all.get(name))) return all
      await sleep(20)
    }
    throw new Error(`waited in vain for ${name}: ${await get('/metrics')}`)
  }
  return { run, get, wait }
}

const trials = (state: string) => `dynotune_trials{study="steady",state="${state}"}`

test('a run of trainers of its own says how it is while it goes on', async () => {
  const { run, get, wait } = await served(temporaryFolder(), '--trials', '1000')
  const all = await wait(trials('complete'), (count = 0) => count > 3)
  expect(await get('/healthz')).toBe('ok\n')
  expect(all.get('dynotune_slots{study="steady"}')).toBe(2)
  expect(all.get('dynotune_busy_slots{study="steady"}')).toBe(all.get(trials('running')))
  expect(all.get(trials('running'))).toBeLessThanOrEqual(2)
  expect(all.get(trials('failed'))).toBe(0)
  // Slots, a start and an end of each, and what it measured.
  expect(all.get('dynotune_scheduler_lag_seconds_count')).toBeGreaterThan(2 * (all.get(trials('complete')) ?? 0))
  expect(all.get('dynotune_event_loop_lag_seconds{quantile="0.99"}')).toBeGreaterThanOrEqual(0)
  expect([...all.keys()].filter((name) => name.includes('class='))).toEqual([])
  run.child.kill('SIGTERM')
  expect((await run.ended).code).toBe(130)
})

test.skipIf(!hasRedis)(
  `a run needs slots where there is no worker, and none once it is paused${NO_REDIS}`,
  async () => {
    const { url } = await redisForTest()
    const folder = temporaryFolder()
    const { run, get, wait } = await served(folder, '--redis', url, '--class', 'large', '--parallel', '50')
    const needed = 'dynotune_needed_slots{class="large"}'
    const all = await wait(needed, (slots) => slots === 8)
    expect(all.get('dynotune_queue_depth{class="large"}')).toBe(0)
    expect(all.get('dynotune_slots{study="steady"}')).toBe(0)
    expect(await get('/healthz')).toBe('ok\n')
    await cli(['pause', 'steady'], folder)
    await wait(needed, (slots) => slots === 0)
    run.child.kill('SIGTERM')
    expect((await run.ended).code).toBe(130)
  },
)
