import { expect, test } from 'vitest'
import engines from '../fixtures/studies/engines.ts'
import { openTestRun } from '../helpers/run.ts'

const module = new URL('../fixtures/studies/engines.ts', import.meta.url).href
const study = { ...engines, run: () => 0 }

test('each trial runs on the engine that it names; one trainer has them all, and none leaves a tensor', async () => {
  const { run, archive } = openTestRun(study, { module })
  await run.run()
  const trials = archive.trials()
  expect(trials).toHaveLength(9)
  const complete = trials.filter(({ state }) => state === 'complete')
  expect(complete).toHaveLength(6)
  for (const { params, environment, value } of complete) {
    expect(environment?.engine).toBe(params.engine)
    expect(value).toBe(8)
  }
  expect(new Set(complete.map(({ environment }) => environment?.device)).size).toBe(2)
  expect(new Set(complete.map(({ metrics }) => metrics?.pid)).size).toBe(1)
  expect(new Set(complete.map(({ metrics }) => metrics?.tensors)).size).toBe(1)
  expect(complete.map(({ metrics }) => metrics?.bytes)).toEqual([0, 0, 0, 0, 0, 0])
  for (const { params, reason } of trials.filter(({ state }) => state === 'failed')) {
    expect(params.engine).toBe('abacus')
    expect(reason).toMatchObject({
      code: 'engine.unknown',
      message: expect.stringMatching(/At study\.engine\. Got "abacus"\./),
      remedy: expect.stringContaining('wasm'),
    })
  }
})

test('an engine that the run names overrides what the trials would', async () => {
  const { run, archive } = openTestRun(study, { module, overrides: { engine: 'cpu' } })
  await run.run()
  expect(archive.study.definition.engine).toBe('cpu')
  expect(archive.trials().map(({ state, environment }) => [state, environment?.engine])).toEqual(
    Array(9).fill(['complete', 'cpu']),
  )
})
