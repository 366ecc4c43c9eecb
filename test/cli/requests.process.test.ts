import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cli, startCli, trainersOf } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'

const STEADY = fileURLToPath(new URL('../fixtures/studies/steady.ts', import.meta.url))

test('pause, cancel of a trial, resume and cancel of the study reach a dynotune run', async () => {
  const folder = temporaryFolder()
  const run = startCli(['run', STEADY, '--trials', '5000'], folder)
  const finished = () =>
    [...run.stdout().matchAll(/^\[ *\d+\/5000\] trial (\d+)/gm)].map(([, number]) => Number(number))
  const asked = (words: string[]) => cli(words, folder).then(({ stdout, stderr }) => stdout || stderr)
  await until(() => finished().length > 2, 'some trials')

  expect(await asked(['pause', 'steady'])).toMatch(new RegExp(`^Asked process ${run.pid} on .* to pause steady`))
  await until(() => run.stdout().includes('To go on: dynotune resume steady'), 'the pause')
  const list = async () => JSON.parse((await cli(['list', '--json'], folder)).stdout)[0]
  let listed = await list()
  while (listed.counts.running > 0) listed = await list()
  expect(listed).toMatchObject({ holder: { pid: run.pid, paused: true } })
  const before = finished().length
  expect(listed.counts).toMatchObject({ complete: before })

  const next = Math.max(...finished()) + 1
  expect(await asked(['cancel', 'steady', String(next)])).toMatch(/ to cancel trial \d+ of steady/)
  await until(() => finished().includes(next), 'the trial to be cancelled')
  expect(run.stdout()).toMatch(new RegExp(`trial ${next} .*Cancelled by the user`))
  expect(finished()).toHaveLength(before + 1)

  expect(await asked(['resume', 'steady'])).toMatch(/ to go on with steady/)
  await until(() => finished().length > before + 3, 'trials after the pause')
  const trainers = trainersOf(run.pid)
  expect(await asked(['cancel', 'steady#1'])).toMatch(/ to stop steady now/)
  const { code, stdout } = await run.ended
  expect(code).toBe(130)
  expect(stdout).toMatch(/Cancelled\. What has finished is kept[\s\S]*interrupted, run it again to continue/)
  await until(() => trainersOf(run.pid).length === 0 && trainers.length > 0, 'the trainers to be gone')
})
