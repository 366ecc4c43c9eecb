import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'

const TINY = fileURLToPath(new URL('../fixtures/studies/tiny.ts', import.meta.url))

/** Parameters, results and curves of a run in a folder of its own, with everything that tells the time left out. */
async function runTiny(engine: string, ...options: string[]) {
  const folder = temporaryFolder()
  await cli(['run', TINY, '--engine', engine, ...options], folder)
  const { trials } = JSON.parse((await cli(['export', 'tiny', '--format', 'json', '--measurements'], folder)).stdout)
  return trials.map(
    ({
      params,
      metrics,
      measurements,
    }: {
      params: object
      metrics: object
      measurements: { step: number; metrics: object }[]
    }) => ({
      params,
      metrics,
      curve: measurements.map(({ step, metrics }) => ({ step, metrics })),
    }),
  )
}

test.each(['cpu', 'wasm'])(
  'the same seed on one trainer gives the same parameters and the same bits: %s',
  async (engine) => {
    const first = await runTiny(engine)
    expect(first).toHaveLength(4)
    expect(first[0].curve).toHaveLength(3)
    expect(await runTiny(engine)).toEqual(first)
    const other = await runTiny(engine, '--seed', '4')
    expect(other[0]).not.toEqual(first[0])
  },
)

test('on two trainers the trials are the same, whoever runs them', async () => {
  expect(await runTiny('cpu', '--parallel', '2')).toEqual(await runTiny('cpu'))
})
