import { expect, test } from 'vitest'
import { referenceOf } from '../../../src/samplers/sms-ego/reference.ts'
import { tame } from '../../../src/samplers/sms-ego/tame.ts'

test('what is far worse than the rest counts as bad, what could not be evaluated as the worst', () => {
  // Quartiles 2 and 4, so the fence is at 4 + 1.5 · 2.
  expect([...tame([1, 2, 3, 4, 1e9])]).toEqual([1, 2, 3, 4, 7])
  expect([...tame([1, Number.NaN, 2, 3])]).toEqual([1, 3, 2, 3])
  expect([...tame([5, 5, Number.NaN])]).toEqual([5, 5, 5])
})

test('the reference is a share of what was seen beyond the front', () => {
  const objectives = [
    { metric: 'a', goal: 'minimize' },
    { metric: 'b', goal: 'maximize' },
  ] as const
  const front = [
    [0, 3],
    [1, 2],
  ]
  const all = [...front, [10, 22]]
  expect([...referenceOf(objectives, front, all, 0.1)]).toEqual([2, 5])
  // One that the study states holds as soon as something is better, as a loss: `b` is to be at least -2.5.
  const stated = [
    { metric: 'a', goal: 'minimize', reference: 1.5 },
    { metric: 'b', goal: 'maximize', reference: -2.5 },
  ] as const
  expect([...referenceOf(stated, front, all, 0.1)]).toEqual([1.5, 2.5])
  const harsh = [stated[0], { metric: 'b', goal: 'maximize', reference: 9 }] as const
  expect([...referenceOf(harsh, front, all, 0.1)]).toEqual([2, 5])
})
