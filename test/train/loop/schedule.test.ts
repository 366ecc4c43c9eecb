import { describe, expect, test } from 'vitest'
import { adam, sgd } from '../../../src/train/index.ts'
import { reduceOnPlateau } from '../../../src/train/schedules/reduce-on-plateau.ts'
import { run } from './run-training.ts'

describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
  test.each([
    ['sgd', (rate: number | ((step: number) => number)) => sgd({ learningRate: rate, momentum: 0.9 })],
    ['adam', (rate: number | ((step: number) => number)) => adam({ learningRate: rate })],
  ] as const)('the schedule of a training does what one inside %s does', async (_name, optimizer) => {
    const halving = (step: number) => 0.5 ** Math.floor(step / 4)
    const config = { steps: 12, evaluateEvery: 3 }
    const outside = await run({ ...config, optimizer: optimizer(0.03), schedule: halving }, { engine })
    const inside = await run({ ...config, optimizer: optimizer((step) => 0.03 * halving(step)) }, { engine })
    const without = await run({ ...config, optimizer: optimizer(0.03) }, { engine })
    expect(outside.reports).toEqual(inside.reports)
    expect(outside.reports).not.toEqual(without.reports)
  })
})

test('a plateau reduces the updates from the next step on, and by what it was told to observe', async () => {
  const seen: number[] = []
  const plateau = reduceOnPlateau({ patience: 1, factor: 0 })
  const { result } = await run({
    ...{ steps: 12, evaluateEvery: 2, optimizer: sgd({ learningRate: 0.01 }), plateauMetric: 'constant' },
    reduceOnPlateau: {
      start: plateau.start,
      observe(state, metric) {
        seen.push(metric)
        // As if nothing ever improved: reduced to nothing at the third evaluation.
        return plateau.observe(state, 1)
      },
    },
  })
  expect(seen).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  const losses = result.curve.map(({ validationLoss }) => validationLoss)
  expect(new Set(losses.slice(0, 3)).size).toBe(3)
  expect(new Set(losses.slice(2)).size).toBe(1)
})

test('a plateau observes the validation loss by default, and multiplies with the schedule', async () => {
  const seen: number[] = []
  const config = { steps: 6, evaluateEvery: 2, optimizer: sgd({ learningRate: 0.1 }) }
  const { reports } = await run({
    ...config,
    schedule: () => 0.5,
    reduceOnPlateau: {
      start: () => ({ factor: 0.5, best: null, bad: 0, cooldown: 0 }),
      observe(state, metric) {
        seen.push(metric)
        return state
      },
    },
  })
  expect(seen).toEqual(reports.map(({ validationLoss }) => validationLoss))
  expect(reports).toEqual((await run({ ...config, optimizer: sgd({ learningRate: 0.025 }) })).reports)
})
