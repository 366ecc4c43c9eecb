import { describe, expect, test } from 'vitest'
import { type CmaEsOptions, cmaEs } from '../../src/samplers/cma-es.ts'
import { bool, choice, float, int } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import type { StudyView, TrialView } from '../../src/study/view.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { thrownBy } from '../helpers/errors.ts'
import { streams } from './history.ts'

samplerConformance('cmaEs', cmaEs, { adaptive: true })

const cube = (d: number) =>
  createSpace(Object.fromEntries(Array.from({ length: d }, (_, i) => [`x${i}`, float(-1, 1)])))
const numbersOf = (assignment: Assignment) => Object.values(assignment).map(Number)
const sphere = (x: readonly number[]) => x.reduce((sum, v) => sum + (v - 0.3) ** 2, 0)
const ellipsoid = (x: readonly number[]) =>
  x.reduce((sum, v, i) => sum + 1e4 ** (i / (x.length - 1)) * (v - 0.3) ** 2, 0)
const rosenbrock = (x: readonly number[]) =>
  x.slice(1).reduce((sum, v, i) => sum + 100 * (2 * v - 4 * (x[i] ?? 0) ** 2) ** 2 + (1 - 2 * (x[i] ?? 0)) ** 2, 0)

interface Run extends CmaEsOptions {
  readonly trials: number
  readonly seed?: number
  /** Trials that run at once; they end in an order of their own. */
  readonly parallel?: number
  readonly with?: Partial<StudyView>
}

/** A study of a function of the assignment. */
function optimize(space: Space, loss: (assignment: Assignment) => number, run: Run): TrialView[] {
  const { trials: count, seed = 1, parallel = 1, with: more = {}, ...options } = run
  const sampler = cmaEs(options)
  const trials: TrialView[] = []
  const pending: number[] = []
  while (trials.length < count) {
    const view: StudyView = { space, metric: 'loss', goal: 'minimize', seed, trials: [...trials], parallel, ...more }
    for (const params of sampler.suggest(view, parallel - pending.length, streams(seed))) {
      pending.push(trials.length)
      trials.push({ number: trials.length, params, state: 'running' })
    }
    const [ended = 0] = pending.splice((trials.length * 7) % pending.length, 1)
    const { params = {} } = trials[ended] ?? {}
    trials[ended] = { number: ended, params, state: 'complete', value: loss(params) }
  }
  return trials
}

const lowest = (trials: readonly TrialView[]) =>
  Math.min(...trials.map(({ value = Number.POSITIVE_INFINITY }) => value))

describe('converges', () => {
  test.each([
    ['a sphere', sphere, 6, 700, 1e-6],
    ['an ellipsoid of condition 10⁴', ellipsoid, 4, 900, 1e-8],
    ['the valley of Rosenbrock', rosenbrock, 4, 1600, 1e-6],
  ])('on %s', (_, f, d, trials, below) => {
    expect(lowest(optimize(cube(d), (a) => f(numbersOf(a)), { trials }))).toBeLessThan(below)
  })

  test('where the best is at a bound', () => {
    const found = optimize(cube(4), (a) => numbersOf(a).reduce((sum, v) => sum + v, 4), { trials: 400 })
    expect(lowest(found)).toBeLessThan(1e-6)
  })

  test('with eight trials at once that end in any order', () => {
    const found = optimize(cube(5), (a) => sphere(numbersOf(a)), { trials: 800, parallel: 8 })
    expect(lowest(found)).toBeLessThan(1e-6)
  })

  test('when maximising, with failed trials among them', () => {
    const space = cube(3)
    const sampler = cmaEs()
    const trials: TrialView[] = []
    while (trials.length < 500) {
      const view: StudyView = { space, metric: 'gain', goal: 'maximize', seed: 4, trials }
      const number = trials.length
      for (const params of sampler.suggest(view, 1, streams(4))) {
        if (number % 5 === 0) trials.push({ number, params, state: 'failed' })
        else trials.push({ number, params, state: 'complete', value: -sphere(numbersOf(params)) })
      }
    }
    expect(Math.max(...trials.map(({ value = -1 }) => value))).toBeGreaterThan(-1e-6)
  })
})

test('leaves regions that cannot be evaluated', () => {
  const space = cube(4)
  const trials = optimize(space, (a) => (numbersOf(a).some((v) => v > 0.25) ? Number.NaN : -sphere(numbersOf(a))), {
    trials: 200,
  })
  const missed = (part: readonly TrialView[]) => part.filter(({ value }) => Number.isNaN(value)).length / part.length
  expect(missed(trials.slice(-50))).toBeLessThan(missed(trials.slice(0, 50)))
})

test('finds options, and the parameters of the branch that they open', () => {
  const space = createSpace({
    rate: float(1e-5, 1, { scale: 'log' }),
    layers: int(1, 8),
    optimizer: choice({ sgd: { momentum: float(0, 0.99) }, adam: {}, lion: {} }),
    norm: bool(),
  })
  const loss = ({ rate, layers, optimizer, norm, ...inner }: Assignment) =>
    (Math.log10(Number(rate)) + 2) ** 2 +
    (Number(layers) - 6) ** 2 / 4 +
    (optimizer === 'sgd' ? (Number(inner['sgd.momentum']) - 0.9) ** 2 : 0.5) +
    (norm ? 0 : 0.3)
  const losses = [1, 2, 3, 4, 5].map((seed) => lowest(optimize(space, loss, { trials: 250, seed })))
  expect(losses.filter((found) => found < 0.02).length).toBeGreaterThanOrEqual(4)
})

test('begins at the best that an earlier study found', () => {
  const space = createSpace({ x: float(0, 1), y: float(0, 1), c: choice(['a', 'b', 'c', 'd']) })
  const earlier = [
    { study: 'before', goal: 'maximize' as const, params: { x: 0.2, y: 0.9, c: 'd' }, value: 2 },
    { study: 'before', goal: 'maximize' as const, params: { x: 0.9, y: 0.1, c: 'a' }, value: 1 },
    { study: 'other', goal: 'minimize' as const, params: { x: 0.5 }, value: -9 },
  ]
  const view: StudyView = { space, metric: 'loss', goal: 'minimize', seed: 2, trials: [], earlier }
  const found = cmaEs({ step: 0.05 }).suggest(view, 200, streams(2))
  const mean = (of: (a: Assignment) => number) => found.reduce((sum, a) => sum + of(a), 0) / found.length
  expect(mean(({ x }) => Number(x))).toBeCloseTo(0.2, 1)
  expect(mean(({ y }) => Number(y))).toBeCloseTo(0.9, 1)
  expect(mean(({ c }) => Number(c === 'd'))).toBeGreaterThan(0.4)
})

test('begins anew, with twice the population, where all that is left is a plateau', () => {
  const space = cube(2)
  const flat = (a: Assignment) => Math.max(0.1, sphere(numbersOf(a)))
  const late = (trials: readonly TrialView[]) => {
    const xs = trials.slice(-100).map(({ params }) => Number(params.x0))
    return Math.max(...xs) - Math.min(...xs)
  }
  const sampler = cmaEs()
  const trials = optimize(space, flat, { trials: 600 })
  const view: StudyView = { space, metric: 'loss', goal: 'minimize', seed: 1, trials }
  expect(sampler.explain?.(view)).toMatch(/since its restart number [1-9]/)
  const stuck = cmaEs({ restart: 'none' })
  expect(stuck.explain?.(view)).not.toMatch(/restart/)
  expect(late(trials)).toBeGreaterThan(0.2)
})

test('refuses options that mean nothing', () => {
  expect(thrownBy(() => cmaEs({ population: 3 }))).toMatchObject({
    code: 'sampler.invalid',
    path: 'sampler.population',
  })
  expect(thrownBy(() => cmaEs({ step: 0 }))).toMatchObject({ code: 'sampler.invalid', path: 'sampler.step', value: 0 })
})
