import { describe, expect, test } from 'vitest'
import { regretBound } from '../../src/samplers/gaussian-process/regret-bound.ts'
import { gaussianProcess } from '../../src/samplers/gaussian-process.ts'
import { choice, float, int } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import type { Goal, StudyView, TrialView } from '../../src/study/view.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { streams } from './history.ts'

samplerConformance('gaussianProcess', () => gaussianProcess(), { adaptive: true })

type Evaluate = (params: Readonly<Record<string, number>>, assignment: Assignment) => number | undefined

/** The study after `count` trials, `parallel` at a time. An undefined value makes a trial infeasible. */
function run(
  space: Space,
  evaluate: Evaluate,
  count: number,
  { seed = 1, parallel = 1, goal = 'minimize' as Goal } = {},
): StudyView {
  const sampler = gaussianProcess()
  let view: StudyView = { space, metric: 'loss', goal, seed, trials: [] }
  while (view.trials.length < count) {
    const suggested = sampler.suggest(view, parallel, streams(seed))
    const ended = suggested.map((params, i): TrialView => {
      const value = evaluate(params as Record<string, number>, params)
      const number = view.trials.length + i
      if (value !== undefined) return { number, params, state: 'complete', value }
      return { number, params, state: 'infeasible', reason: { code: 'trial.diverged', message: 'NaN' } }
    })
    view = { ...view, trials: [...view.trials, ...ended] }
  }
  return view
}

function bestOf({ trials }: StudyView): number {
  return Math.min(...trials.map(({ value = Number.POSITIVE_INFINITY }) => value))
}

const square = createSpace({ x: float(0, 1), y: float(0, 1), z: float(0, 1) })
const bowl: Evaluate = ({ x = 0, y = 0, z = 0 }) => (x - 0.3) ** 2 + 2 * (y - 0.8) ** 2 + 0.5 * (z - 0.5) ** 2 + x * y

describe('the gaussianProcess sampler', () => {
  test('refuses options that it does not have', () => {
    expect(() => gaussianProcess({ startUp: 0 })).toThrow(expect.objectContaining({ code: 'sampler.invalid' }))
    expect(() => gaussianProcess({ start: 3 } as object)).toThrow(expect.objectContaining({ code: 'sampler.invalid' }))
  })

  test('begins in the middle of the space and away from its ends', () => {
    const { trials } = run(square, bowl, 5)
    expect(trials[0]?.params).toEqual({ x: 0.5, y: 0.5, z: 0.5 })
    const first = trials.flatMap(({ params }) => Object.values(params as Record<string, number>))
    expect(Math.min(...first)).toBeGreaterThanOrEqual(0.1)
    expect(Math.max(...first)).toBeLessThanOrEqual(0.9)
    expect(new Set(first).size).toBe(13)
  })

  test('finds the minimum of a bowl to many digits', () => {
    // Where the gradient is 0: x = -0.04 / 3.5 …, held to the range at 0 by x ≥ 0, so y = 0.8, z = 0.5.
    expect(bestOf(run(square, bowl, 30)) - 0.09).toBeLessThan(1e-6)
  })

  test('finds it with four trials at a time as well, and as a maximum', () => {
    expect(bestOf(run(square, bowl, 36, { parallel: 4 })) - 0.09).toBeLessThan(1e-4)
    const upside = run(square, (params, assignment) => -(bowl(params, assignment) ?? 0), 36, {
      parallel: 4,
      goal: 'maximize',
    })
    expect(Math.max(...upside.trials.map(({ value = 0 }) => value))).toBeGreaterThan(-0.0901)
  })

  test('suggests points apart from each other when asked for several at once', () => {
    const view = run(square, bowl, 12)
    const points = gaussianProcess()
      .suggest(view, 6, streams(1))
      .map(({ x, y, z }) => [Number(x), Number(y), Number(z)])
    points.forEach((a, i) => {
      for (const b of points.slice(0, i)) expect(Math.hypot(...a.map((u, k) => u - (b[k] ?? 0)))).toBeGreaterThan(1e-3)
    })
  })

  test('learns where a cliff is, and searches up to it', () => {
    // Better and better up to the edge, where trials diverge.
    const space = createSpace({ rate: float(1e-4, 10, { scale: 'log' }), width: float(0, 1) })
    const view = run(
      space,
      ({ rate = 0, width = 0 }) =>
        Math.log10(rate) > -0.7 ? undefined : (Math.log10(rate) + 0.5) ** 2 + (width - 0.4) ** 2,
      40,
    )
    // A fifth of the space is beyond a rate of 1.
    const beyond = view.trials.slice(20).filter(({ params }) => Number(params.rate) > 1)
    expect(beyond.length).toBeLessThan(4)
    expect(bestOf(view)).toBeLessThan(0.2 ** 2 + 0.003)
  })

  test('comes back from a wrong option', () => {
    // All that is easy to see speaks for a; b is better by 0.3 where its rate fits.
    const space = createSpace({
      kind: choice({ a: { rate: float(0, 1) }, b: { rate: float(0, 1) } }),
      size: int(1, 20),
    })
    const view = run(
      space,
      (params, { kind }) => {
        const size = 0.001 * ((params.size ?? 0) - 12) ** 2
        return kind === 'a'
          ? 0.3 + (Number(params['a.rate']) - 0.4) ** 2 + size
          : 1 - Math.exp(-40 * (Number(params['b.rate']) - 0.9) ** 2) + size
      },
      50,
    )
    expect(bestOf(view)).toBeLessThan(0.05)
  })

  test('says what it did and what it learned', () => {
    const none: StudyView = { space: square, metric: 'loss', goal: 'minimize', seed: 1, trials: [] }
    expect(gaussianProcess().explain?.(none)).toContain('too few')
    const view = run(square, ({ y = 0 }) => Math.sin(8 * y), 20)
    expect(gaussianProcess().explain?.(view)).toMatch(/changes most along y\b/)
  })
})

describe('the bound on the regret', () => {
  test('is unknown before there is a model', () => {
    expect(regretBound(run(square, bowl, 3))).toBeUndefined()
  })

  test('falls as the minimum is found, and stays above what is left', () => {
    const view = run(square, bowl, 40)
    const boundAt = (count: number) => regretBound({ ...view, trials: view.trials.slice(0, count) })
    const early = boundAt(8)
    const late = boundAt(40)
    expect(early?.bound).toBeGreaterThan(bestOf({ ...view, trials: view.trials.slice(0, 8) }) - 0.09)
    expect(late?.bound).toBeLessThan(0.01)
    expect(late?.bound).toBeLessThan(early?.bound ?? 0)
    expect(late?.noise).toBeLessThan(0.01)
  })

  test('knows noise', () => {
    const { normal } = streams(5)(0)
    const view = run(square, (params, assignment) => (bowl(params, assignment) ?? 0) + 0.1 * normal(), 40)
    const { noise = 0 } = regretBound(view) ?? {}
    expect(noise).toBeGreaterThan(0.05)
    expect(noise).toBeLessThan(0.2)
  })
})
