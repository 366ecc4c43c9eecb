import { describe, expect, test } from 'vitest'
import { hypervolume } from '../../src/numerics/hypervolume.ts'
import { nsga2 } from '../../src/samplers/nsga2.ts'
import { choice, float, int } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace } from '../../src/space/space.ts'
import type { StudyView, TrialView } from '../../src/study/view.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { thrownBy } from '../helpers/errors.ts'
import { streams } from './history.ts'
import { optimize } from './nsga2/optimize.ts'

samplerConformance('nsga2', nsga2, { adaptive: true })
samplerConformance('nsga2', () => nsga2({ population: 4 }), { adaptive: true })

const five = createSpace(Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`x${i}`, float(0, 1)])))
const sum = (params: Assignment, of: (v: number) => number) =>
  Object.values(params).reduce<number>((total, v) => total + of(Number(v)), 0)

/** ZDT1 (Zitzler, Deb and Thiele, Evol. Comput. 8, 2000): its front is b = 1 - √a. */
function zdt1(params: Assignment) {
  const [first = 0, ...rest] = Object.values(params).map(Number)
  const g = 1 + (9 * rest.reduce((total, v) => total + v, 0)) / rest.length
  return { a: first, b: g * (1 - Math.sqrt(first / g)) }
}

const volumeOf = (trials: readonly TrialView[]) =>
  hypervolume(
    trials.map(({ metrics }) => [metrics?.a ?? 2, metrics?.b ?? 2]),
    [1.1, 1.1],
  )

describe('comes near the front of ZDT1', () => {
  // The front itself has 1.21 - 1/3 = 0.877.
  test('a trial at a time', () => {
    expect(volumeOf(optimize(nsga2({ population: 20 }), five, zdt1, { trials: 400 }))).toBeGreaterThan(0.6)
  })

  test('seven trials at a time, which end in any order', () => {
    const trials = optimize(nsga2({ population: 20 }), five, zdt1, { trials: 400, parallel: 7 })
    expect(volumeOf(trials)).toBeGreaterThan(0.6)
  })
})

test('minimises a single metric as well', () => {
  const trials = optimize(nsga2({ population: 16 }), five, (params) => ({ a: sum(params, (v) => (v - 0.4) ** 2) }), {
    trials: 400,
  })
  expect(Math.min(...trials.map(({ value = 9 }) => value))).toBeLessThan(0.005)
})

test('learns integers and options, and the branches that they open', () => {
  const space = createSpace({
    n: int(1, 1000, { scale: 'log' }),
    kind: choice({ a: { x: float(0, 1) }, b: { y: int(0, 9) }, c: {} }),
  })
  const loss = ({ n, kind, ...inner }: Assignment) =>
    Math.abs(Math.log10(Number(n)) - 2) + (kind === 'b' ? Math.abs(Number(inner['b.y']) - 7) / 10 : 1)
  const trials = optimize(nsga2({ population: 20 }), space, (params) => ({ a: loss(params) }), { trials: 300 })
  expect(Math.min(...trials.map(({ value = 9 }) => value))).toBeLessThan(0.01)
})

test('comes back from infeasible regions to the edge of what bounds allow', () => {
  const trials = optimize(
    nsga2({ population: 20 }),
    five,
    (p) => ({ a: sum(p, (v) => v), size: sum(p, (v) => v * v) }),
    {
      trials: 500,
      with: { bounds: [{ metric: 'size', atLeast: 3.5 }] },
    },
  )
  const part = (some: readonly TrialView[]) => some.filter(({ state }) => state === 'complete').length / some.length
  expect(part(trials.slice(0, 20))).toBeLessThan(0.2)
  expect(part(trials.slice(-100))).toBeGreaterThan(0.4)
  // The least sum with squares of 3.5: three ones and a √½.
  expect(Math.min(...trials.map(({ value = 9 }) => value))).toBeLessThan(3.5 + 0.6)
})

test('the first generation is drawn before anything has ended, later ones descend from what survives', () => {
  const view = (trials: readonly TrialView[]): StudyView => ({
    space: five,
    metric: 'a',
    goal: 'minimize',
    seed: 3,
    trials,
  })
  const sampler = nsga2({ population: 10 })
  const first = sampler.suggest(view([]), 10, streams(3))
  const told = first.map(
    (params, number): TrialView => ({ number, params, state: 'complete', value: sum(params, (v) => v) }),
  )
  const children = sampler.suggest(view(told), 10, streams(3))
  const inherited = children.map(
    (child) => Object.entries(child).filter(([name, v]) => told.some(({ params }) => params[name] === v)).length,
  )
  expect(inherited.reduce((total, count) => total + count, 0)).toBeGreaterThan(15)
  // Trials that run on are not waited for; those that failed have no children.
  const running = told.map(
    ({ number, params }): TrialView => ({ number, params, state: number > 0 ? 'running' : 'failed' }),
  )
  expect(sampler.suggest(view(running), 3, streams(3))).toHaveLength(3)
  expect(sampler.explain?.(view(told))).toMatch(/10 trials a generation.* generation 0/)
})

test('a generation is a fifth of the budget where that is small', () => {
  const explain = (budget?: number) =>
    nsga2().explain?.({ space: five, metric: 'a', goal: 'minimize', seed: 3, trials: [], ...(budget && { budget }) })
  expect(explain()).toMatch(/with 50 trials/)
  expect(explain(100)).toMatch(/with 20 trials/)
  expect(explain(5)).toMatch(/with 10 trials/)
})

test('refuses a population that has no two parents', () => {
  expect(thrownBy(() => nsga2({ population: 1 }))).toMatchObject({
    code: 'sampler.invalid',
    path: 'sampler.population',
  })
})
