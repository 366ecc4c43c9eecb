import { expect, test } from 'vitest'
import { fitFrontier } from '../../src/analysis/critical-batch-size/fit-frontier.ts'
import { batchSizeFindings } from '../../src/report/batch-sizes.ts'
import { readInput } from '../../src/report/input.ts'
import { fewestSteps } from '../../src/train/models/quadratic/fewest-steps.ts'
import study, { PROBLEM, TARGET } from '../fixtures/studies/quadratic.ts'
import { openTestRun } from '../helpers/run.ts'

test('a study finds the steps and the critical batch size that the closed form has', { timeout: 120_000 }, async () => {
  const module = new URL('../fixtures/studies/quadratic.ts', import.meta.url).href
  const { run, archive } = openTestRun(study, { module, overrides: { ...study.definition, engine: 'cpu' } })
  await run.run()
  const [found] = batchSizeFindings(readInput(archive)) ?? []
  if (!found?.best.known || !found.frontier.known) throw new Error('nothing was found')
  const exact = found.best.value.map(({ batchSize }) => ({
    batchSize,
    steps: fewestSteps(PROBLEM, TARGET.atMost, { batchSize })?.steps ?? Number.NaN,
  }))
  expect(exact.map(({ batchSize }) => batchSize)).toEqual([16, 64, 256, 1024, 4096])
  // Training itself is random: a dimension of one thousand weighs more than one of ten thousand, and the best of a dozen
  // was lucky.
  for (const [i, { steps }] of exact.entries())
    expect(Math.abs(Math.log((found.best.value[i]?.steps.value ?? Number.NaN) / steps))).toBeLessThan(0.1)
  const truth = fitFrontier(exact)
  if (!truth.known) throw new Error(truth.why)
  const { criticalBatch } = found.frontier.value
  expect(Math.abs(Math.log(criticalBatch.value / truth.value.criticalBatch.value))).toBeLessThan(0.15)
})
