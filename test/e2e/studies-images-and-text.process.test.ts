import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'

/** Runs trials of a study of this repository, each of which is told to stop after some steps. */
async function runShort(name: string, { trials, steps }: { readonly trials: number; readonly steps: number }) {
  const folder = temporaryFolder()
  const study = new URL(`../../studies/${name}.ts`, import.meta.url)
  writeFileSync(
    join(folder, 'short.ts'),
    `import { defineStudy } from 'dynotune'
import study from '${study}'
export default defineStudy({
  ...study.definition,
  parallel: 1,
  run(trial) {
    let asked = 0
    return study.run({ ...trial, shouldStop: () => ++asked >= ${steps} || trial.shouldStop() })
  },
  test: study.test,
})
`,
  )
  const words = ['run', 'short.ts', '--json', '--engine', 'wasm', '--trials', String(trials)]
  const { code, stdout, stderr } = await cli(words, folder)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const output = async (trial: number) => (await cli(['show', name, '--trial', String(trial)], folder)).stdout
  return { summary: JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''), output }
}

// A tenth of the digits is what guessing reads.
test('the dense network reads most digits of MNIST after 60 steps', async () => {
  const { summary } = await runShort('mnist', { trials: 2, steps: 60 })
  expect(summary.counts).toEqual({ complete: 2 })
  expect(summary.test.testAccuracy).toBeGreaterThan(0.8)
})

test('the convolutional network reads most digits of MNIST after 40 steps', async () => {
  const { summary } = await runShort('mnist-cnn', { trials: 1, steps: 40 })
  expect(summary.test.testAccuracy).toBeGreaterThan(0.5)
})

test('the LSTM writes headlines, and soon beats how often words are', async () => {
  const { summary, output } = await runShort('headlines', { trials: 1, steps: 60 })
  const { testPerplexity, unigramPerplexity, possiblePerplexity } = summary.test
  expect(testPerplexity).toBeLessThan(unigramPerplexity)
  expect(testPerplexity).toBeGreaterThan(possiblePerplexity)
  expect((await output(0)).split('output:\n')[1]?.trimEnd().split('\n')).toHaveLength(5)
})
