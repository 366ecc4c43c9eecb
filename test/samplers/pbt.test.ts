import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { explore } from '../../src/samplers/pbt/explore.ts'
import { pbt } from '../../src/samplers/pbt.ts'
import { choice, float, int } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import type { StudyView, TrialView } from '../../src/study/view.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { thrownBy } from '../helpers/errors.ts'
import { arbitraryPoint, arbitrarySpec, cycle } from '../space/arbitrary.ts'
import { streams } from './history.ts'

samplerConformance('pbt', () => pbt({ population: 3 }), { adaptive: true, repeats: true })

const space = createSpace({ rate: float(1e-4, 1, { scale: 'log' }), width: int(8, 64) })

/** Asks and answers one trial at a time. An answer of undefined leaves the trial running. */
function play(count: number, answer: (trial: Pick<TrialView, 'number' | 'params' | 'parent'>) => number | undefined) {
  const sampler = pbt({ population: 5, inherit: ['width'] })
  const trials: TrialView[] = []
  const view: StudyView = { space, metric: 'loss', goal: 'minimize', seed: 4, trials }
  for (let number = 0; number < count; number++) {
    const [params = {}] = sampler.suggest(view, 1, streams(4))
    const [parent] = sampler.parents?.(view, 1, streams(4)) ?? []
    const trial = { number, params, ...(parent !== undefined && { parent }) }
    const value = answer(trial)
    trials.push({ ...trial, ...(value === undefined ? { state: 'running' } : { state: 'complete', value }) })
  }
  return { trials, view, sampler }
}

describe('population based training', () => {
  test('goes on with each member as it is, but for the worst fifth, which copies the best and explores', () => {
    // Trials 0 … 4 have values 0 … 4: member 4 is the worst and member 0 the best.
    const { trials } = play(10, ({ number }) => number)
    expect(trials.map(({ parent }) => parent)).toEqual([
      ...Array(5).fill(undefined),
      ...[0, 1, 2, 3], // go on
      0, // copies the best
    ])
    for (const number of [5, 6, 7, 8]) expect(trials[number]?.params).toEqual(trials[number - 5]?.params)
    const [best, copy] = [trials[0]?.params, trials[9]?.params]
    expect(copy?.width).toBe(best?.width)
    expect(copy?.rate).not.toBe(best?.rate)
  })

  test('does not wait for a member that still runs: another goes on in its place', () => {
    const { trials } = play(10, ({ number }) => (number === 2 ? undefined : number))
    expect(trials[7]?.parent).toBe(0)
    const { trials: none } = play(15, ({ number }) => (number >= 5 && number < 10 ? undefined : number))
    for (const { parent } of none.slice(10)) expect(parent).toBeLessThan(5)
  })

  test('keeps the checkpoints that later trials may begin from', () => {
    const { sampler, view } = play(23, ({ number }) => (number === 20 ? undefined : number))
    expect(sampler.keeps?.(view)).toEqual([13, 14, 15, 16, 17, 18, 19, 20, 21, 22])
  })

  test('follows a rate whose best value falls tenfold on the way, which no constant one can', () => {
    const progress = new Map<number | undefined, number>([[undefined, 0]])
    const gainAt = (number: number, rate: number) =>
      Math.exp(-4 * (Math.log10(rate) + 1 + Math.floor(number / 5) / 20) ** 2)
    play(100, ({ number, params, parent }) => {
      const reached = (progress.get(parent) ?? 0) + gainAt(number, Number(params.rate))
      progress.set(number, reached)
      return -reached
    })
    const intervals = Array.from({ length: 20 }, (_, i) => 5 * i)
    const constants = Array.from({ length: 81 }, (_, i) => 10 ** (-4 + i / 20))
    const best = Math.max(...constants.map((rate) => intervals.reduce((sum, n) => sum + gainAt(n, rate), 0)))
    expect(Math.max(...progress.values())).toBeGreaterThan(best)
  })

  test('refuses options that mean nothing', () => {
    expect(thrownBy(() => pbt({ population: 1 }))).toMatchObject({
      code: 'sampler.invalid',
      path: 'sampler.pbt.population',
    })
    expect(thrownBy(() => pbt({ inherits: [] } as object))).toMatchObject({ path: 'sampler.pbt.inherits' })
  })
})

describe('exploring', () => {
  const free = { resample: 0, factors: [2], isFree: () => true }

  test('multiplies numbers, whatever their scale, and steps over where a factor moves nothing', () => {
    const from = { rate: 0.01, width: 16, layers: 2, beta: 0.9, kind: 'a' }
    const wide = createSpace({
      rate: float(1e-4, 1, { scale: 'log' }),
      width: int(8, 64),
      layers: int(1, 3),
      beta: float(0, 0.999, { scale: 'reverseLog' }),
      kind: choice(['a', 'b']),
    })
    const near = (factor: number) => explore(wide, from, { ...free, factors: [factor] }, createRandom(1, 0, 'x'))
    expect(near(2)).toEqual({
      rate: expect.closeTo(0.02, 10),
      width: 32,
      layers: 3,
      beta: expect.closeTo(0.95, 10),
      kind: 'a',
    })
    expect(near(1.2).layers).toBe(3)
    expect(near(0.8).layers).toBe(1)
  })

  test('stays inside any space and changes nothing that is not free', () => {
    fc.assert(
      fc.property(arbitrarySpec(), arbitraryPoint, fc.nat(), (spec, point, seed) => {
        const any = createSpace(spec)
        const from = any.sample(cycle(point))
        expect(any.contains(explore(any, from, { ...free, resample: 0.3 }, createRandom(seed, 0, 'x')))).toBe(true)
      }),
    )
  })
})
