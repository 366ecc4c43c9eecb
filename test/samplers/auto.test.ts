import { describe, expect, test } from 'vitest'
import { auto } from '../../src/samplers/auto.ts'
import { bool, choice, fixed, float, int, type SpaceSpec } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import type { StudyView, TrialView } from '../../src/study/view.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { streams } from './history.ts'

samplerConformance('auto', auto, { adaptive: true, slow: true })

function viewOf(spec: SpaceSpec, changes: Partial<StudyView> = {}, count = 0): StudyView {
  const space = createSpace(spec)
  const trials = Array.from({ length: count }, (_, number): TrialView => {
    const { next } = streams(1)(number)
    return { number, params: space.sample(next), state: 'complete', value: next() }
  })
  return { space, metric: 'loss', goal: 'minimize', seed: 0, trials, ...changes }
}

const line = { x: float(0, 1) }
const small = { width: int(1, 4), act: choice(['relu', 'tanh']), norm: bool() }

describe('the default sampler', () => {
  test.each<[string, string, StudyView]>([
    ['a usual study', 'gaussianProcess', viewOf({ ...line, ...small }, { budget: 100 })],
    ['one without a budget in trials', 'gaussianProcess', viewOf(small)],
    ['a space that the budget covers', 'grid', viewOf(small, { budget: 16 })],
    ['a space that it does not', 'gaussianProcess', viewOf(small, { budget: 15 })],
    ['nothing to vary', 'random', viewOf({ seed: fixed(1) })],
    [
      'several objectives',
      'smsEgo',
      viewOf(line, {
        objectives: [
          { metric: 'loss', goal: 'minimize' },
          { metric: 'bytes', goal: 'minimize' },
        ],
      }),
    ],
    ['many trainers', 'tpe', viewOf(line, { parallel: 500 })],
    [
      'many dimensions',
      'tpe',
      viewOf(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`x${i}`, float(0, 1)]))),
    ],
    ['many trials', 'tpe', viewOf(line, {}, 1000)],
  ])('for %s takes %s', (_, name, view) => {
    expect(auto().explain?.(view)).toMatch(new RegExp(`^It used ${name}, since [a-z0-9].*\\.`))
  })

  test('goes through a small space in whole when the budget reaches for it', () => {
    const view = viewOf(small, { budget: 40 })
    const found = auto().suggest(view, 16, streams(0))
    expect(new Set(found.map((params) => JSON.stringify(params))).size).toBe(16)
  })

  test('learns: it comes closer to the best of a bowl than even coverage can', () => {
    const sampler = auto()
    const space = createSpace({ x: float(0, 1), y: float(0, 1), kind: choice(['a', 'b']) })
    const trials: TrialView[] = []
    for (let number = 0; number < 30; number++) {
      const [params = {}] = sampler.suggest({ ...viewOf(line), space, trials, budget: 30 }, 1, streams(0))
      const value = (Number(params.x) - 0.3) ** 2 + (Number(params.y) - 0.8) ** 2 + (params.kind === 'a' ? 0 : 0.1)
      trials.push({ number, params, state: 'complete', value })
    }
    expect(Math.min(...trials.map(({ value }) => value ?? 1))).toBeLessThan(1e-5)
  })
})
