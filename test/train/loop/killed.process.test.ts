import { expect, test } from 'vitest'
import { fixed } from '../../../src/index.ts'
import { behaving, openTestRun } from '../../helpers/run.ts'

const KILLED = new URL('./killed-study.ts', import.meta.url).href

async function run(kills: number) {
  const study = behaving('', {
    space: { learningRate: fixed(0.01), kills: fixed(kills) },
    ...{ metric: 'validationAccuracy', goal: 'maximize', engine: 'wasm', budget: { trials: 1 } },
    test: () => ({}),
  })
  const { run, archive } = openTestRun(study, { module: KILLED })
  const { test } = await run.run()
  const [trial] = archive.trials()
  return { trial, test, curve: archive.measurements(0).map(({ step, metrics }) => ({ step, ...metrics })) }
}

test('a training whose process is killed with -9, twice, goes on bit for bit, and its best weights can be tested', async () => {
  const whole = await run(0)
  const killed = await run(2)
  expect(whole.trial).toMatchObject({ state: 'complete', attempts: 1 })
  expect(killed.trial).toMatchObject({ state: 'complete', attempts: 3, value: whole.trial?.value })
  expect(killed.curve.map(({ step }) => step)).toEqual([8, 16, 24, 32, 40])
  expect(killed.curve).toEqual(whole.curve)
  expect(killed.trial?.metrics).toEqual(whole.trial?.metrics)
  expect(killed.test).toMatchObject({ testAccuracy: whole.trial?.value })
})
