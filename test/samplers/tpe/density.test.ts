import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { badMixtures } from '../../../src/samplers/tpe/bad.ts'
import { goodMixture } from '../../../src/samplers/tpe/good.ts'
import { createHistories } from '../../../src/samplers/tpe/history.ts'
import { placeOf } from '../../../src/samplers/tpe/layout.ts'
import { logDensity, type Mixture } from '../../../src/samplers/tpe/mixture.ts'
import { sampleMixture } from '../../../src/samplers/tpe/sample.ts'
import { gapWidths } from '../../../src/samplers/tpe/widths.ts'
import { choice, float, int } from '../../../src/space/domain.ts'
import type { Assignment } from '../../../src/space/params.ts'
import { createSpace, type Space } from '../../../src/space/space.ts'
import { arbitraryPoint, arbitrarySpec, cycle } from '../../space/arbitrary.ts'
import { streams } from '../history.ts'

/** Both densities of the same trials, divided by the weights of their kernels and the prior. */
function densities(space: Space, trials: readonly Assignment[], weights = trials.map(() => 1)) {
  const bad = badMixtures()
  const history = createHistories(bad.forget)(space, trials)
  const numbers = trials.map((_, number) => number)
  const of = (mixture: Mixture, total: number) => (assignment: Assignment) =>
    Math.exp(logDensity(mixture, placeOf(history.layout, assignment))) / total
  const good = goodMixture(history, numbers, weights)
  const total = 1 + weights.reduce((sum, weight) => sum + weight, 0)
  return { history, good, ofGood: of(good, total), ofBad: of(bad.of(history, numbers), 1 + trials.length) }
}

/** By Simpson's rule. */
function integrate(f: (x: number) => number, parts = 1000): number {
  let sum = f(0) + f(1)
  for (let i = 1; i < parts; i++) sum += f(i / parts) * (i % 2 === 0 ? 2 : 4)
  return sum / (3 * parts)
}

describe('the densities', () => {
  test('of one trial are those of a truncated normal and the uniform prior', () => {
    const { ofGood, ofBad } = densities(createSpace({ x: float(0, 1) }), [{ x: 0.5 }], [3])
    // The kernel reaches half the range to either end; within one width of its centre lies 0.6826894921 of a normal.
    const normal = (z: number, width: number, mass: number) => (Math.exp((-z * z) / 2) * 0.3989422804) / width / mass
    expect(ofGood({ x: 0.5 })).toBeCloseTo((3 * normal(0, 0.5, 0.6826894921) + 1) / 4, 9)
    expect(ofGood({ x: 1 })).toBeCloseTo((3 * normal(1, 0.5, 0.6826894921) + 1) / 4, 9)
    // A third wide: 1.5 widths to the ends.
    expect(ofBad({ x: 0 })).toBeCloseTo((normal(1.5, 1 / 3, 0.8663855975) + 1) / 2, 9)
  })

  test('are probabilities on finite spaces, with branches or without', () => {
    const cases = fc
      .tuple(arbitrarySpec({ finite: true, depth: 2 }), fc.array(arbitraryPoint, { maxLength: 8 }))
      .map(([spec, points]) => ({ space: createSpace(spec), points }))
      .filter(({ space }) => space.size <= 200)
    fc.assert(
      fc.property(cases, ({ space, points }) => {
        const { ofGood, ofBad } = densities(
          space,
          points.map((point) => space.sample(cycle(point))),
          points.map((_, i) => i / 2),
        )
        let good = 0
        let bad = 0
        for (let i = 0; i < space.size; i++) {
          good += ofGood(space.at(i))
          bad += ofBad(space.at(i))
        }
        expect(good).toBeCloseTo(1, 9)
        expect(bad).toBeCloseTo(1, 9)
      }),
      { numRuns: 60 },
    )
  })

  test('integrate to one over branches with axes of their own', () => {
    const space = createSpace({ kind: choice({ a: { x: float(0, 1) }, b: { n: int(1, 9, { scale: 'log' }) }, c: {} }) })
    const { ofGood, ofBad } = densities(space, [
      { kind: 'a', 'a.x': 0.2 },
      { kind: 'a', 'a.x': 0.25 },
      { kind: 'b', 'b.n': 1 },
      { kind: 'b', 'b.n': 7 },
    ])
    for (const density of [ofGood, ofBad]) {
      const ofB = [1, 2, 3, 4, 5, 6, 7, 8, 9].reduce((sum, n) => sum + density({ kind: 'b', 'b.n': n }), 0)
      expect(integrate((x) => density({ kind: 'a', 'a.x': x })) + ofB + density({ kind: 'c' })).toBeCloseTo(1, 7)
    }
  })

  test('keep what is correlated within a branch with what all branches have', () => {
    // In branch a the best y equals t, in b it is opposite: https://github.com/optuna/optuna/issues/5299.
    const space = createSpace({ t: float(0, 1), kind: choice({ a: { y: float(0, 1) }, b: { y: float(0, 1) } }) })
    const ts = [0.1, 0.3, 0.5, 0.7, 0.9]
    const { ofGood } = densities(space, [
      ...ts.map((t) => ({ t, kind: 'a', 'a.y': t })),
      ...ts.map((t) => ({ t, kind: 'b', 'b.y': 1 - t })),
    ])
    expect(ofGood({ t: 0.1, kind: 'a', 'a.y': 0.1 })).toBeGreaterThan(3 * ofGood({ t: 0.1, kind: 'a', 'a.y': 0.9 }))
    expect(ofGood({ t: 0.1, kind: 'b', 'b.y': 0.9 })).toBeGreaterThan(3 * ofGood({ t: 0.1, kind: 'b', 'b.y': 0.1 }))
  })

  test('are what points are drawn from', () => {
    const space = createSpace({ kind: choice({ a: { x: float(0, 1) }, b: { n: int(1, 4) } }) })
    const trials = [
      { kind: 'a', 'a.x': 0.2 },
      { kind: 'b', 'b.n': 3 },
      { kind: 'b', 'b.n': 4 },
    ]
    const weights = [2, 0.5, 0.5]
    const { history, good, ofGood } = densities(space, trials, weights)
    const random = streams(0)(0)
    const drawn = Array.from({ length: 20_000 }, () => sampleMixture(good, random))
    const at = (assignment: Assignment) => placeOf(history.layout, assignment).join()
    for (const n of [1, 2, 3, 4]) {
      const place = at({ kind: 'b', 'b.n': n })
      const share = drawn.filter((point) => point.join() === place).length / drawn.length
      expect(share).toBeCloseTo(ofGood({ kind: 'b', 'b.n': n }), 1.8)
    }
    const x = placeOf(history.layout, { kind: 'a', 'a.x': 0.5 }).indexOf(0.5)
    const low = drawn.filter((point) => (point[x] ?? 1) < 0.3).length / drawn.length
    expect(low).toBeCloseTo(0.3 * integrate((u) => ofGood({ kind: 'a', 'a.x': 0.3 * u })), 1.8)
  })
})

describe('the widths of kernels', () => {
  test('are the wider gap to a neighbour, at least 1 / (n + 2)', () => {
    expect([...gapWidths([0.5, 0.125, 0.375], 0.01)]).toEqual([0.2, 0.25, 0.25])
    expect([...gapWidths([0.3], 0.01)]).toEqual([0.7])
    expect([...gapWidths([0.3, 0.3], 0.01)]).toEqual([0.25, 0.25])
    expect([...gapWidths([], 0.01)]).toEqual([])
  })
})
