import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { createTuner } from '../../src/index.ts'
import { createRandom } from '../../src/numerics/random.ts'
import { groupsOf } from '../../src/samplers/per-value/groups.ts'
import { rolesOf, type Study } from '../../src/study/study.ts'
import { memoryCheckpoint } from '../train/loop/run-training.ts'

/** Studies of one question, and how many answers to it they compare. */
const studies = [
  ['dcn-rank', 6],
  ['dropout-sparse-dense', 4],
  ['ghost-batch-norm', 5],
  ['grow-the-batch', 3],
  ['optimizers', 9],
  ['schedules', 7],
  ['train-longer', 5],
  ['warmup-instability', 4],
] as const

async function load(name: string): Promise<Study> {
  return (await import(`../../studies/${name}.ts`)).default
}

test.each(studies)('"%s" asks a question and tunes each of %i answers', async (name, answers) => {
  const { space, definition } = await load(name)
  expect(definition.name).toBe(name)
  expect(definition.question).toMatch(/^[^.?]+\?$/)
  const { scientific = [] } = rolesOf(definition)
  expect(groupsOf(space, scientific)).toHaveLength(answers)
  const trials = (definition.budget.trials ?? 0) / answers
  expect(Number.isInteger(trials) && trials >= 8).toBe(true)
})

test.each(studies)('"%s" trains', async (name) => {
  const { definition, run } = await load(name)
  const { space, goal, metric } = definition
  const tuner = createTuner({ space, goal, sampler: 'random', seed: 0 })
  const engine = await createEngine('wasm')
  for (const trial of [0, 1]) {
    let asked = 0
    const metrics = await run({
      number: trial,
      attempt: 1,
      seed: 0,
      params: tuner.ask().params,
      engine,
      checkpoint: memoryCheckpoint(),
      signal: new AbortController().signal,
      report: () => undefined,
      shouldStop: () => ++asked >= 8,
      random: (purpose) => createRandom(0, trial, purpose),
    })
    expect(metrics).toMatchObject({ [metric]: expect.any(Number), validationLossSpread: 0 })
  }
})
