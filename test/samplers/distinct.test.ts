import { expect, test } from 'vitest'
import { drawDistinct, keyOf, takenIn } from '../../src/samplers/distinct.ts'
import { float, int } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace } from '../../src/space/space.ts'
import type { StudyView } from '../../src/study/view.ts'
import { thrownBy } from '../helpers/errors.ts'

const view = (changes: Partial<StudyView> = {}): StudyView => ({
  space: createSpace({ n: int(1, 4) }),
  metric: 'loss',
  goal: 'minimize',
  seed: 0,
  trials: [],
  ...changes,
})
const n = (value: number): Assignment => ({ n: value })

test('an assignment is the same in whatever order it is written', () => {
  expect(keyOf({ a: 1, b: 'x' })).toBe(keyOf({ b: 'x', a: 1 }))
  expect(keyOf({ a: 1 })).not.toBe(keyOf({ a: '1' }))
})

test('the first draw that was not taken is; then what is left; then repetitions', () => {
  const trials = [
    { number: 0, params: n(1), state: 'running' },
    { number: 1, params: n(2), state: 'failed' },
  ] as const
  const study = view({ trials })
  const taken = takenIn(study)
  expect(drawDistinct(study, taken, (attempt) => n(1 + attempt))).toEqual(n(2))
  expect(drawDistinct(study, taken, () => n(1))).toEqual(n(3))
  expect(drawDistinct(study, taken, () => n(1))).toEqual(n(4))
  expect(drawDistinct(study, taken, () => n(1))).toEqual(n(1))
})

test('what the study does not allow is never given, however rare the rest', () => {
  const study = view({ allows: ({ n }) => n === 3 })
  expect(drawDistinct(study, takenIn(study), () => n(1))).toEqual(n(3))
  const wide = view({ space: createSpace({ x: float(0, 1) }), allows: ({ x }) => Number(x) > 0.999 })
  const found = drawDistinct(wide, takenIn(wide), (attempt) => ({ x: (attempt * 0.6180339887498949) % 1 }))
  expect(found.x).toBeGreaterThan(0.999)
})

test('a study that allows nothing is told so', () => {
  const study = view({ allows: () => false })
  expect(thrownBy(() => drawDistinct(study, takenIn(study), () => n(1)))).toMatchObject({
    code: 'sampler.constraints',
    path: 'study.allows',
  })
})

test('what is taken follows a list of trials that grows, shrinks, and whose trials fail', () => {
  const one = { number: 0, params: n(1), state: 'running' } as const
  const two = { number: 1, params: n(2), state: 'running' } as const
  const again = { number: 2, params: n(1), state: 'waiting' } as const
  const trials: StudyView['trials'][number][] = [one, two]
  const study = view({ trials })
  const taken = () => [1, 2, 3, 4].filter((value) => takenIn(study).has(n(value)))
  takenIn(study).add(n(4))
  expect(taken()).toEqual([1, 2])
  trials.push(again)
  trials[0] = { ...one, state: 'failed' }
  expect(taken()).toEqual([1, 2])
  trials[2] = { ...again, state: 'failed' }
  expect(taken()).toEqual([2])
  trials.length = 1
  expect(taken()).toEqual([])
})
