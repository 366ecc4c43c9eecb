import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'

/** The real data, where ADULT_DATA names them or they lie beside the repository. */
const ADULT = process.env.ADULT_DATA ?? fileURLToPath(new URL('../../../shared/data/adult.data.gz', import.meta.url))

/** The first trials of a study of the project, and what its `test` says of the best. */
async function runStudy(name: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const folder = temporaryFolder()
  const file = fileURLToPath(new URL(`../../studies/${name}.ts`, import.meta.url))
  const { code, stdout, stderr } = await cli(
    ['run', file, '--parallel', '1', '--engine', 'wasm', ...words],
    folder,
    environment,
  )
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const shown = JSON.parse((await cli(['export', name, '--format', 'json'], folder)).stdout)
  const best = /^best: trial.*$/m.exec(stdout)?.[0] ?? ''
  return {
    trials: shown.trials,
    testOf: (metric: string) => Number(new RegExp(`${metric} ([\\d.e-]+)`).exec(best)?.[1]),
  }
}

test('one cross layer learns the toy of TensorFlow Recommenders to a thousandth', async () => {
  const { trials, testOf } = await runStudy('dcn-toy', ['--trials', '1'])
  expect(trials).toMatchObject([{ params: { model: 'crossLayer' }, metrics: { parameters: 16 } }])
  expect(testOf('testRmse')).toBeLessThan(1e-3)
})

test('DCN-V2 learns products of two features', async () => {
  const { trials, testOf } = await runStudy('feature-products', ['--trials', '2'])
  expect(trials).toMatchObject([
    { params: { model: 'dcnV2', order: 2, problem: 1 }, metrics: { parameters: 441 } },
    { params: { model: 'dcnV2', order: 2, problem: 2 } },
  ])
  expect(testOf('testRmse')).toBeLessThan(0.05)
})

test('DCN-V2 of low rank learns "Adult"', async (context) => {
  if (!existsSync(ADULT)) return context.skip('the data are not here: ADULT_DATA does not name them')
  // The grid begins with a slow model, this sampler with that one.
  const words = ['--trials', '1', '--sampler', 'halton', '--seed', '7']
  const { trials, testOf } = await runStudy('adult', words, { ADULT_DATA: ADULT })
  expect(trials).toMatchObject([{ params: { model: 'dcnV2', 'dcnV2.rank': 'low', 'dcnV2.low.rank': 17 } }])
  expect(testOf('testAuc')).toBeGreaterThan(0.9)
})

test('without the data and without a network the study says how to get them', async () => {
  const offline = `--import=data:text/javascript,${encodeURIComponent("globalThis.fetch = () => Promise.reject(new Error('offline'))")}`
  const file = fileURLToPath(new URL('../../studies/adult.ts', import.meta.url))
  const environment = { ADULT_DATA: undefined, NODE_OPTIONS: offline }
  const { code, stderr } = await cli(['run', file, '--trials', '1'], temporaryFolder(), environment)
  expect(stderr).toMatch(/The "Adult" data are not here, and cannot be downloaded\. \[data\.missing\]/)
  expect(stderr).toMatch(/try: get adult\.data from https:.* and set ADULT_DATA to its path/)
  expect(code).not.toBe(0)
})
