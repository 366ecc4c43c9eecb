import { expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { gaussianProcess } from '../../src/samplers/gaussian-process.ts'
import { viewWithLag } from '../../src/scheduler/lag.ts'
import { suggest } from '../../src/scheduler/suggest.ts'
import { createTuner } from '../../src/scheduler/tuner.ts'
import { float } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace } from '../../src/space/space.ts'
import type { StudyView, TrialView } from '../../src/study/view.ts'

const space = createSpace({ x: float(0, 1), y: float(0, 1) })
const LAG = 3

/** Parameters by number of a study on three trainers, whose trials take whatever the seed says. */
function study(durations: number, isLagged: boolean): unknown[] {
  const { next } = createRandom(durations, 0, 'test')
  const sampler = gaussianProcess()
  const trials: TrialView[] = []
  const ends = new Map<number, number>()
  let now = 0
  while (trials.length < 16) {
    const view: StudyView = { space, metric: 'loss', goal: 'minimize', seed: 1, trials }
    const seen = isLagged ? viewWithLag(view, LAG) : view
    if (seen && ends.size < LAG) {
      const number = trials.length
      const [params = {}] = suggest(sampler, seen, 1).assignments
      trials.push({ number, params, state: 'running' })
      ends.set(number, now + next())
      continue
    }
    const [first = 0, at = 0] = [...ends].sort(([, a], [, b]) => a - b)[0] ?? []
    now = at
    ends.delete(first)
    const params: Assignment = trials[first]?.params ?? {}
    const value = (Number(params.x) - 0.3) ** 2 + (Number(params.y) - 0.6) ** 2
    trials[first] = { number: first, params, state: 'complete', value }
  }
  return trials.map(({ params }) => params)
}

test('with a lag a study is the same however its timing falls; without one it is not', () => {
  const lagged = [1, 2, 3].map((seed) => study(seed, true))
  expect(lagged[1]).toEqual(lagged[0])
  expect(lagged[2]).toEqual(lagged[0])
  const free = [1, 2, 3].map((seed) => JSON.stringify(study(seed, false)))
  expect(new Set(free).size).toBeGreaterThan(1)
})

test('a lag of one is a study one by one', () => {
  const tuner = createTuner({ space: { x: float(0, 1) }, sampler: 'halton' })
  const { number, params } = tuner.ask()
  const trials: TrialView[] = [{ number, params, state: 'running' }]
  const view: StudyView = { space, metric: 'loss', goal: 'minimize', seed: 1, trials }
  expect(viewWithLag(view, 1)).toBeUndefined()
  expect(viewWithLag(view, 2)?.trials).toEqual(trials)
  trials[0] = { number, params, state: 'complete', value: 1 }
  expect(viewWithLag(view, 1)?.trials).toEqual(trials)
  expect(viewWithLag(view, 2)?.trials).toEqual([{ number, params, state: 'running' }])
})
