import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { axesOf, pointOf } from '../../src/samplers/axes.ts'
import { bohb } from '../../src/samplers/bohb.ts'
import { regress } from '../../src/samplers/earlier/regression.ts'
import { scoresOf } from '../../src/samplers/earlier/scores.ts'
import { earlierStudies } from '../../src/samplers/earlier/studies.ts'
import { trustedStudies } from '../../src/samplers/earlier/trust.ts'
import { describeEarlier, warmStart } from '../../src/samplers/earlier.ts'
import { gaussianProcess } from '../../src/samplers/gaussian-process.ts'
import { tpe } from '../../src/samplers/tpe.ts'
import { choice, float, int } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace } from '../../src/space/space.ts'
import type { Sampler } from '../../src/study/sampler.ts'
import type { EarlierTrial, Goal } from '../../src/study/view.ts'
import { streams } from './history.ts'
import { evaluated, studyOf } from './tpe/views.ts'

type Loss = (params: Assignment) => number

const square = createSpace({ x: float(0, 1), y: float(0, 1) })

/** Branin on the unit square, less its least value, with its optima moved along both axes. */
const branin =
  (shift = 0): Loss =>
  ({ x, y }) => {
    const a = 15 * (Number(x) + shift) - 5
    const b = 15 * (Number(y) + shift)
    const inner = b - (5.1 / (4 * Math.PI ** 2)) * a ** 2 + (5 / Math.PI) * a - 6
    return inner ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10 - 0.397887
  }

/** Trials of an earlier study at random places. */
function study(name: string, goal: Goal, value: Loss, seed = 0, count = 40): EarlierTrial[] {
  const { next } = createRandom(seed, 0, name)
  return Array.from({ length: count }, () => {
    const params = square.sample(next)
    return { study: name, goal, params, value: value(params) }
  })
}

const alike = (seed: number) => study('alike', 'maximize', (params) => 7 - 20 * branin(0.05)(params), seed)
const opposite = (seed: number) => study('opposite', 'minimize', (params) => -branin()(params), seed)

/** The best regret after each trial. */
function search(sampler: Sampler, count: number, seed: number, earlier?: readonly EarlierTrial[]): number[] {
  const tried: Assignment[] = []
  while (tried.length < count) {
    const view = studyOf(square, evaluated(tried, branin()), { seed, ...(earlier && { earlier }) })
    tried.push(...sampler.suggest(view, 1, streams(seed)))
  }
  let best = Number.POSITIVE_INFINITY
  return tried.map((params) => {
    best = Math.min(best, branin()(params))
    return best
  })
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

describe.each([
  ['tpe', () => tpe(), 21],
  ['gaussianProcess', () => gaussianProcess(), 9],
] as const)('%s with earlier studies', (_, make, count) => {
  const seeds = Array.from({ length: count }, (_, seed) => seed)
  const runs = (trials: number, earlier?: (seed: number) => readonly EarlierTrial[]) =>
    seeds.map((seed) => search(make(), trials, seed, earlier?.(seed)))
  const without = runs(30)

  test('needs fewer trials when one was of a shifted problem, on another scale and with the other goal', () => {
    const needed = (all: readonly number[][]) =>
      median(all.map((regrets) => regrets.findIndex((regret) => regret < 0.5) + 1 || 30))
    const helped = runs(15, alike)
    expect(needed(helped)).toBeLessThan(0.7 * needed(without))
    expect(median(helped.map((regrets) => regrets[4] ?? 0))).toBeLessThan(
      median(without.map((regrets) => regrets[4] ?? 0)) / 2,
    )
  })

  test('is not much worse in the end when one misleads, and hardly when another helps', () => {
    const at = (all: readonly number[][], trial: number) => median(all.map((regrets) => regrets[trial - 1] ?? 0))
    expect(at(runs(30, opposite), 30)).toBeLessThan(2 * at(without, 30) + 0.02)
    const both = runs(12, (seed) => [...opposite(seed), ...alike(seed)])
    expect(at(both, 12)).toBeLessThan(at(without, 12))
  })

  test('gives the same answer used before or new', () => {
    const used = make()
    const earlier = [...alike(1), ...opposite(1)]
    const tried: Assignment[] = []
    while (tried.length < 12) {
      const view = studyOf(square, evaluated(tried, branin()), { earlier })
      const found = used.suggest(view, 2, streams(0))
      // Read again: not the list that anything is remembered of.
      const again = structuredClone(earlier)
      expect(make().suggest({ ...view, earlier: again }, 2, streams(0))).toEqual(found)
      tried.push(...found)
    }
  })

  test('makes do with parts of parameters, and with what has no place in the space', () => {
    const space = createSpace({
      x: float(0, 1),
      kind: choice({ a: { depth: int(1, 8) }, b: {} }),
      rate: float(1e-4, 1, { scale: 'log' }),
    })
    const earlier = Array.from({ length: 20 }, (_, i): EarlierTrial => {
      const { next } = createRandom(i, 0, 'parts')
      const { x = 0, kind = 'a', ...others } = space.sample(next)
      return {
        study: `${i % 3}`,
        goal: 'minimize',
        params: { ...(i % 2 ? { kind } : { x }), ...others, rate: i % 5 ? 17 : 0.1, width: 3 },
        value: Number(x),
      }
    })
    const sampler = make()
    const tried: Assignment[] = []
    while (tried.length < 16) {
      const trials = evaluated(tried, ({ x }) => Number(x))
      tried.push(...sampler.suggest(studyOf(space, trials, { earlier }), 2, streams(0)))
    }
    expect(tried.every((params) => space.contains(params))).toBe(true)
  })

  test('says what it made of them', () => {
    const tried = Array.from({ length: 12 }, (_, i) => square.sample(createRandom(i, 0, 'x').next))
    const view = studyOf(square, evaluated(tried, branin()), { earlier: [...alike(0), ...opposite(0)] })
    const said = make().explain?.(view)
    expect(said).toMatch(/the best of 2 earlier studies.*alike agreed with it to \d+ %, opposite was left out\./)
    expect(make().explain?.({ ...view, earlier: [] })).not.toContain('earlier')
  })
})

describe('warmStart', () => {
  const at = (name: string, x: number, y: number, value: number, goal: Goal = 'minimize'): EarlierTrial => ({
    study: name,
    goal,
    params: { x, y },
    value,
  })
  const earlier = [
    at('a', 0.1, 0.1, 3),
    at('a', 0.9, 0.9, 1),
    at('a', 0.91, 0.9, 2),
    at('b', 0.5, 0.1, -1e6, 'maximize'),
    at('b', 0.1, 0.5, 1e6, 'maximize'),
  ]
  const starts = (startUp: number, count: number, tried: readonly Assignment[] = [], more = {}) =>
    warmStart(studyOf(square, evaluated(tried, branin()), { earlier, ...more }), startUp, count, streams(0))

  test('takes the best of each study in turn, then the next best that lies apart', () => {
    const all = [
      { x: 0.9, y: 0.9 },
      { x: 0.1, y: 0.5 },
      { x: 0.5, y: 0.1 },
      { x: 0.1, y: 0.1 },
    ]
    expect(starts(10, 10)).toEqual(all)
    expect(starts(10, 2)).toEqual(all.slice(0, 2))
    expect(starts(10, 9, all.slice(0, 1))).toEqual(all.slice(1))
  })

  test('takes half of the start, at least one trial, and none after it', () => {
    expect(starts(1, 3)).toHaveLength(1)
    expect(starts(5, 5)).toHaveLength(2)
    expect(starts(5, 5, starts(5, 1))).toHaveLength(1)
    expect(starts(5, 5, starts(5, 2))).toHaveLength(0)
    const others = Array.from({ length: 5 }, (_, i) => ({ x: 0.3, y: i / 7 }))
    expect(starts(5, 5, others)).toEqual([])
    expect(starts(5, 5, [], { earlier: undefined })).toEqual([])
  })

  test('takes nothing that is not allowed, and draws what is missing', () => {
    expect(starts(10, 1, [], { allows: ({ x }: Assignment) => Number(x) < 0.5 })).toEqual([{ x: 0.1, y: 0.5 }])
    const lacking = earlier.map(({ params: { x = 0 }, ...rest }) => ({ ...rest, params: { x } }))
    const [first, second] = [0, 1].map((seed) =>
      warmStart(studyOf(square, [], { earlier: lacking }), 10, 1, streams(seed)),
    )
    expect(first?.[0]?.x).toBe(0.9)
    expect(second?.[0]?.x).toBe(0.9)
    expect(first?.[0]?.y).not.toBe(second?.[0]?.y)
  })
})

describe('what earlier studies say', () => {
  const losses = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 30 })
  // Whole numbers, of which sums and products with powers of two are exact.
  const whole = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 2, maxLength: 30 })

  test('does not depend on the scale and offset of their values', () => {
    fc.assert(
      fc.property(
        whole,
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: -1e6, max: 1e6 }),
        (values, power, by) => {
          expect(scoresOf(values.map((value) => (value + by) * 2 ** power))).toEqual(scoresOf(values))
        },
      ),
    )
  })

  test('keeps the order of their values, from 0 for the best', () => {
    fc.assert(
      fc.property(losses, (values) => {
        const scores = scoresOf(values)
        expect(Math.min(...scores)).toBe(0)
        expect(scores.every(Number.isFinite)).toBe(true)
        for (const [i, a] of values.entries()) {
          for (const [j, b] of values.entries()) if (a < b) expect(scores[i]).toBeLessThanOrEqual(scores[j] ?? 0)
        }
      }),
    )
    // log(1 + 2 / 1) and log(1 + 1 / 1): the mean excess is 1.
    expect([...scoresOf([10, 11, 12])]).toEqual([0, Math.log(2), Math.log(3)])
  })

  test('is what a regression expects of other places', () => {
    const axes = axesOf(square)
    const [found] = earlierStudies(
      studyOf(square, [], { earlier: study('one', 'minimize', ({ x }) => Number(x) ** 2) }),
    )
    const predict = regress(axes, found?.trials ?? [])
    const expected = [0.1, 0.3, 0.6, 0.9].map((x) => predict(pointOf(axes, { x, y: 0.5 })))
    // y says nothing. The mean of x² over [0, 1] is 1/3.
    for (const [i, x] of [0.1, 0.3, 0.6, 0.9].entries()) expect(expected[i]).toBeCloseTo(Math.log1p(3 * x ** 2), 0)
    expect(expected).toEqual([...expected].sort((a, b) => a - b))
  })

  test('counts as far as it ranks the trials of the study', () => {
    const tried = Array.from({ length: 20 }, (_, i) => square.sample(createRandom(i, 0, 'x').next))
    const noise = study('noise', 'minimize', ({ x }) => (1e4 * Number(x)) % 1)
    const earlier = [...study('same', 'minimize', branin()), ...alike(0), ...opposite(0), ...noise]
    const view = studyOf(square, evaluated(tried, branin()), { earlier })
    const trusted = trustedStudies(view)
    expect(trusted.map(({ name }) => name)).toEqual(['same', 'alike'])
    expect(trusted[0]?.trust).toBeGreaterThan(0.85)
    expect(trusted[1]?.trust).toBeLessThan(trusted[0]?.trust ?? 0)
    // Before there are any trials, all are trusted.
    expect(trustedStudies({ ...view, trials: [] })).toHaveLength(4)
    expect(describeEarlier({ ...view, earlier: [] })).toBe('')
    expect(bohb().explain?.(view)).toContain('earlier studies')
  })
})
