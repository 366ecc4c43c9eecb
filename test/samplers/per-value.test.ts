import { describe, expect, test } from 'vitest'
import { gaussianProcess } from '../../src/samplers/gaussian-process.ts'
import { perValue } from '../../src/samplers/per-value.ts'
import { random } from '../../src/samplers/random.ts'
import { samplerOf } from '../../src/samplers/sampler-of.ts'
import { choice, float, int, type SpaceSpec } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace } from '../../src/space/space.ts'
import type { StudyView, TrialView } from '../../src/study/view.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { thrownBy } from '../helpers/errors.ts'
import { streams } from './history.ts'

// Without scientific parameters it is the sampler that it is made of.
samplerConformance('gaussianProcess', () => perValue(gaussianProcess), { adaptive: true, slow: true })

const SPEC = {
  batchSize: int(8, 64, { scale: 'log', step: 2 }),
  rate: float(1e-4, 10, { scale: 'log' }),
} satisfies SpaceSpec

function viewOf(spec: SpaceSpec, changes: Partial<StudyView>, trials: readonly TrialView[] = []): StudyView {
  return { space: createSpace(spec), metric: 'steps', goal: 'minimize', seed: 3, trials, ...changes }
}

/** Runs a study of `count` trials; undefined stands for an infeasible one. */
function run(view: StudyView, count: number, value: (params: Assignment) => number | undefined): TrialView[] {
  const sampler = perValue(gaussianProcess)
  const trials: TrialView[] = []
  for (let number = 0; number < count; number++) {
    const [params = {}] = sampler.suggest({ ...view, trials }, 1, streams(view.seed))
    const found = value(params)
    trials.push({
      number,
      params,
      ...(found === undefined ? { state: 'infeasible' } : { state: 'complete', value: found }),
    })
  }
  return trials
}

const rateOf = (params: Assignment) => Math.log10(Number(params.rate))
/** Best at a rate of batchSize / 100, where it is 1,000 / batchSize. */
const bowl = (params: Assignment) =>
  (1000 / Number(params.batchSize)) * (1 + (rateOf(params) - Math.log10(Number(params.batchSize) / 100)) ** 2)

describe('tuning for each value', () => {
  test('gives every value as many trials, in turn', () => {
    const trials = run(viewOf(SPEC, { scientific: ['batchSize'] }), 10, bowl)
    expect(trials.map(({ params }) => params.batchSize)).toEqual([8, 16, 32, 64, 8, 16, 32, 64, 8, 16])
  })

  test('finds what is best for each, not for the best one alone', () => {
    const trials = run(viewOf(SPEC, { scientific: ['batchSize'] }), 40, bowl)
    for (const batchSize of [8, 16, 32, 64]) {
      const values = trials
        .filter(({ params }) => params.batchSize === batchSize)
        .map(({ value = Number.NaN }) => value)
      expect(Math.min(...values) / (1000 / batchSize)).toBeLessThan(1.01)
    }
  })

  test('asks for several at once without asking twice for the same', () => {
    const found = perValue(gaussianProcess).suggest(viewOf(SPEC, { scientific: ['batchSize'] }), 8, streams(0))
    expect(found.map(({ batchSize }) => batchSize)).toEqual([8, 16, 32, 64, 8, 16, 32, 64])
    expect(new Set(found.map((params) => JSON.stringify(params))).size).toBe(8)
  })

  test('takes branches as values, each with its own parameters', () => {
    const spec = {
      optimizer: choice({ sgd: { momentum: float(0, 1) }, adam: { beta: float(0, 1) } }),
      rate: float(0, 1),
      flag: choice(['a', 'b']),
    }
    const trials = run(viewOf(spec, { scientific: ['optimizer', 'flag'] }), 8, () => 1)
    const kinds = trials.map(({ params }) => `${params.optimizer} ${params.flag}`)
    expect(kinds.slice(0, 4).sort()).toEqual(['adam a', 'adam b', 'sgd a', 'sgd b'])
    for (const { params } of trials) expect(createSpace(spec).contains(params)).toBe(true)
  })

  test.each([
    ['without end of values', { rate: float(0, 1) }, 'rate'],
    ['inside of a branch', { o: choice({ a: { n: int(1, 2) }, b: {} }) }, 'a.n'],
  ])('refuses a parameter %s', (_, spec, name) => {
    const view = viewOf(spec, { scientific: [name] })
    expect(thrownBy(() => perValue(random).check?.(view)).code).toBe('study.roles')
  })
})

describe('a search that begins in a part of the range', () => {
  const startIn = { rate: [0.05, 0.2] } as const
  const ratesOf = (trials: readonly TrialView[]) => trials.map(({ params }) => Number(params.rate))

  test('stays there while the best is inside', () => {
    const best = (params: Assignment) => (rateOf(params) - Math.log10(0.1)) ** 2
    const rates = ratesOf(run(viewOf({ rate: SPEC.rate }, { startIn }), 16, best))
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.05)
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.2)
  })

  test('goes on beyond the end at which the best lies, until it is found', () => {
    const best = (params: Assignment) => (rateOf(params) - Math.log10(4)) ** 2
    const trials = run(viewOf({ rate: SPEC.rate }, { startIn }), 40, best)
    expect(Math.min(...ratesOf(trials))).toBeGreaterThanOrEqual(0.05)
    const [first] = trials.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))
    expect(Math.abs(Math.log10(Number(first?.params.rate) / 4))).toBeLessThan(0.05)
  })

  test('goes on to both sides while nothing can be evaluated', () => {
    const rates = ratesOf(run(viewOf({ rate: SPEC.rate }, { startIn }), 40, (p) => (rateOf(p) < -2 ? 1 : undefined)))
    expect(Math.min(...rates)).toBeLessThan(0.01)
    expect(Math.max(...rates)).toBeLessThanOrEqual(10)
  })
})

test('samplers that do not learn cover all values alike, as they are', () => {
  const roles = { scientific: ['batchSize'] }
  expect(samplerOf('halton', roles).adaptive).toBeFalsy()
  expect(samplerOf('gaussianProcess', roles).explain?.(viewOf(SPEC, roles))).toMatch(
    /^The other parameters were tuned for each of 4 values of batchSize/,
  )
  expect(samplerOf('gaussianProcess', {}).explain?.(viewOf(SPEC, {}))).not.toMatch(/tuned for each/)
})
