import { describe, expect, test } from 'vitest'
import { random } from '../../src/samplers/random.ts'
import { tpe } from '../../src/samplers/tpe.ts'
import { bool, choice, float, int } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import type { Sampler } from '../../src/study/sampler.ts'
import type { TrialState } from '../../src/study/trial.ts'
import type { StudyView } from '../../src/study/view.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { streams } from './history.ts'
import { evaluated, studyOf } from './tpe/views.ts'

samplerConformance('tpe', tpe, { adaptive: true })

type Loss = (params: Assignment) => number

/** The assignments of a study with so many trials, one after the other. NaN is infeasible. */
function search(sampler: Sampler, space: Space, loss: Loss, count: number, seed = 0, more: Partial<StudyView> = {}) {
  const tried: Assignment[] = []
  while (tried.length < count) {
    const view = studyOf(space, evaluated(tried, loss), { seed, ...more })
    const found = sampler.suggest(view, 1, streams(seed))
    if (found.length === 0) break
    tried.push(...found)
  }
  return tried
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const seeds = Array.from({ length: 9 }, (_, seed) => seed)
const number = (value: unknown) => Number(value)

const cube = createSpace({ a: float(0, 1), b: float(1e-4, 1, { scale: 'log' }), c: int(1, 20) })
const bowl: Loss = ({ a, b, c }) =>
  (number(a) - 0.3) ** 2 + (Math.log10(number(b)) / 4 + 0.6) ** 2 + ((number(c) - 12) / 20) ** 2

describe('the search', () => {
  test('gets much closer to a minimum than random draws', () => {
    const best = (make: () => Sampler) =>
      median(seeds.map((seed) => Math.min(...search(make(), cube, bowl, 50, seed).map(bowl))))
    expect(best(tpe)).toBeLessThan(best(random) / 4)
  })

  test('finds the best branch and what is best in it', () => {
    const space = createSpace({
      t: float(0, 1),
      kind: choice({ a: { x: float(0, 1) }, b: { y: float(0, 1), deep: bool() }, c: {} }),
    })
    const loss: Loss = ({ t, kind, ...rest }) => {
      if (kind === 'c') return 0.5 + number(t)
      if (kind === 'a') return 0.3 + (number(rest['a.x']) - number(t)) ** 2
      return (number(rest['b.y']) - number(t)) ** 2 + (rest['b.deep'] === true ? 0 : 0.2)
    }
    const last = seeds.map((seed) => search(tpe(), space, loss, 60, seed).slice(-10))
    const inBest = last.flat().filter(({ kind, ...rest }) => kind === 'b' && rest['b.deep'] === true)
    expect(inBest.length / last.flat().length).toBeGreaterThan(0.6)
  })

  // Suggestions with a crowd of trials on one side of the best ones, beside those without it: failed trials do not count.
  test.each(['infeasible', 'running', 'waiting'] as const)('keeps away from %s trials', (state) => {
    const line = createSpace({ x: float(0, 1) })
    const ended = evaluated(
      Array.from({ length: 40 }, (_, i) => ({ x: (i + 0.5) / 40 })),
      ({ x }) => Math.abs(number(x) - 0.5),
    )
    const mean = (state: TrialState) => {
      const crowd = Array.from({ length: 20 }, (_, i) => ({ params: { x: 0.5 + i / 100 }, state }))
      const found = tpe().suggest(studyOf(line, [...ended, ...crowd]), 20, streams(0))
      return found.reduce((sum, { x }) => sum + number(x), 0) / found.length
    }
    expect(mean('failed')).toBeCloseTo(0.5, 1)
    expect(mean(state)).toBeLessThan(mean('failed') - 0.02)
  })

  test('suggests nothing that the study does not allow', () => {
    const allows = ({ a }: Assignment) => number(a) > 0.5
    const tried = search(tpe(), cube, bowl, 40, 0, { allows })
    expect(tried.every(allows)).toBe(true)
    expect(median(tried.slice(-10).map(({ a }) => number(a)))).toBeLessThan(0.6)
  })

  test('tries all of a small space before any of it again', () => {
    const space = createSpace({ n: int(0, 4), kind: choice(['a', 'b', 'c']) })
    const tried = search(tpe(), space, ({ n }) => number(n), 15)
    expect(new Set(tried.map((params) => JSON.stringify(params))).size).toBe(15)
  })

  test('is the same whether a sampler has seen the study grow or not', () => {
    const used = tpe()
    const tried: Assignment[] = []
    const loss: Loss = (params) => (number(params.c) === 7 ? Number.NaN : bowl(params))
    while (tried.length < 40) {
      const trials = evaluated(tried, loss)
      // The last two are still running, and what an earlier one gave changes once.
      const said = trials.map((trial, i) => {
        if (i >= trials.length - 2) return { params: trial.params ?? {}, state: 'running' as const }
        return i === 3 && trials.length > 25 ? { ...trial, state: 'complete' as const, value: -1 } : trial
      })
      const view = studyOf(cube, said)
      const found = used.suggest(view, 2, streams(0))
      expect(found).toEqual(tpe().suggest(view, 2, streams(0)))
      tried.push(...found)
      if (tried.length === 30) used.suggest(studyOf(cube, said.slice(5)), 1, streams(1))
    }
  })

  test('says what it did', () => {
    const at = (count: number) => tpe().explain?.(studyOf(cube, evaluated(search(random(), cube, bowl, count), bowl)))
    expect(at(2)).toBe(
      'TPE began with 6 trials at scrambled Halton points, and has no model before 3 trials have a value.',
    )
    expect(at(30)).toContain('At the end 6 of 30 trials with a value counted as good.')
  })
})

test.each([
  [{ startUp: 0 }, 'sampler.startUp'],
  [{ candidates: 1.5 }, 'sampler.candidates'],
  [{ good: 1 }, 'sampler.good'],
  [{ good: Number.NaN }, 'sampler.good'],
])('refuses %j', (options, path) => {
  expect(() => tpe(options)).toThrow(expect.objectContaining({ code: 'sampler.invalid', path }))
})
