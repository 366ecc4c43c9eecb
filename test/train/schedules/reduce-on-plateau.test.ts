import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type PlateauState,
  type ReduceOnPlateauConfig,
  reduceOnPlateau,
} from '../../../src/train/schedules/reduce-on-plateau.ts'
import reference from '../../fixtures/train/schedules.json' with { type: 'json' }
import torch from './torch.json' with { type: 'json' }

/** The factor after each metric. */
function factorsOf(config: ReduceOnPlateauConfig, metrics: readonly number[]): number[] {
  const plateau = reduceOnPlateau(config)
  let state = plateau.start()
  return metrics.map((metric) => {
    state = plateau.observe(state, metric)
    return state.factor
  })
}

function expectFactors(factors: readonly number[], expected: readonly number[]): void {
  expect(factors).toHaveLength(expected.length)
  for (const [i, factor] of factors.entries())
    expect(factor / (expected[i] ?? Number.NaN), `metric ${i}`).toBeCloseTo(1, 12)
}

test('a hundred metrics follow PyTorch', () => {
  const {
    metric = [],
    base_lr,
    lr,
  } = reference.schedules.find(({ name }) => name === 'reduceOnPlateau') ?? {
    lr: [],
    base_lr: 1,
  }
  expect(lr).toHaveLength(100)
  const factors = factorsOf({}, metric)
  // PyTorch's list has the rate before each metric.
  expectFactors(
    [1, ...factors.slice(0, -1)],
    lr.map((rate) => rate / base_lr),
  )
})

const { metrics, ...plateaus } = torch.plateaus

test.each<[keyof typeof plateaus, ReduceOnPlateauConfig]>([
  [
    'maximizeAbsolute',
    {
      goal: 'maximize',
      factor: 0.5,
      patience: 2,
      threshold: 0.05,
      thresholdMode: 'absolute',
      cooldown: 3,
      minFactor: 0.02,
    },
  ],
  ['maximizeRelative', { goal: 'maximize', factor: 0.7, patience: 1, threshold: 0.1, cooldown: 1 }],
  ['minimizeAbsolute', { factor: 0.3, patience: 3, threshold: 0.2, thresholdMode: 'absolute' }],
])('so does %s', (name, config) => {
  const factors = factorsOf(config, metrics)
  expect(new Set(factors).size).toBeGreaterThan(5)
  expectFactors(factors, plateaus[name])
})

test('the state is plain data: training goes on from a checkpoint as if it had not stopped', () => {
  const plateau = reduceOnPlateau({ patience: 1, cooldown: 1, factor: 0.5 })
  const metric = fc.oneof(fc.double(), fc.constantFrom(1, 2, 3))
  fc.assert(
    fc.property(fc.array(metric, { maxLength: 40 }), (series) => {
      let state = plateau.start()
      let restored = state
      for (const value of series) {
        state = plateau.observe(state, value)
        restored = plateau.observe(JSON.parse(JSON.stringify(restored)), value)
      }
      expect(restored).toEqual(state)
      expect(state.factor).toBeLessThanOrEqual(1)
    }),
  )
})

test('a metric that is not finite is no improvement', () => {
  const factors = factorsOf({ patience: 1 }, [Number.NaN, Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY])
  expect(factors).toEqual([1, 0.1, 0.1, 0.1])
})

test('a reduction that would hardly change anything is not made', () => {
  expect(factorsOf({ patience: 0, epsilon: 0.05 }, [1, 1, 1]).at(-1)).toBeCloseTo(0.01, 12)
  expect(factorsOf({ patience: 0, epsilon: 0.1 }, [1, 1, 1]).at(-1)).toBeCloseTo(0.1, 12)
})

test('a state is not changed by what is observed after it', () => {
  const plateau = reduceOnPlateau({ patience: 0 })
  const state: PlateauState = Object.freeze({ factor: 1, best: 1, bad: 0, cooldown: 0 })
  expect(plateau.observe(state, 2)).toEqual({ factor: 0.1, best: 1, bad: 0, cooldown: 0 })
})
