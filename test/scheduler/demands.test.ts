import { expect, test } from 'vitest'
import { createDemands } from '../../src/scheduler/demands.ts'
import type { Reason } from '../../src/study/trial.ts'
import type { TrialView } from '../../src/study/view.ts'

const trial: TrialView = { number: 3, params: {}, state: 'waiting' }
const device: Reason = { code: 'engine.memory', message: 'Full.' }
const machine: Reason = { code: 'trial.out_of_memory', message: 'Killed.' }

test('memory is tried for beside others, alone, then alone in each larger class; the reason says so', () => {
  const demands = createDemands({
    ...{ known: 0, countLost: () => 9 },
    resourcesOf: () => ({ classes: ['s', 'm', 'l'], gpuMemory: 4e10 }),
  })
  expect(demands.of(trial)).toEqual({ class: 's', gpuMemory: 4e10 })
  for (const resourceClass of ['s', 'm', 'l']) {
    expect(demands.lose(trial, device)).toBeUndefined()
    expect(demands.of(trial)).toEqual({ class: resourceClass, gpuMemory: 4e10, alone: 'device' })
  }
  expect(demands.lose(trial, device)).toEqual({
    code: 'engine.memory',
    message:
      'Full. It was tried beside other trials and alone and in the class m and in the class l: there is not enough memory for it.',
  })
})

test('where the machine had no memory left, a trial has the machine for itself', () => {
  const demands = createDemands({ known: 0, countLost: () => 0 })
  demands.lose(trial, machine)
  expect(demands.of(trial)).toEqual({ alone: 'machine' })
  expect(demands.lose(trial, device)).toMatchObject({ code: 'engine.memory' })
})

test('what earlier runs lost counts; other losses do not', () => {
  const demands = createDemands({
    known: 4,
    countLost: (number, code) => Number(number === 3 && code === 'engine.memory'),
  })
  expect(demands.lose(trial, { code: 'trial.crashed', message: '' })).toBeUndefined()
  expect(demands.of({ ...trial, number: 2 })).toEqual({})
  expect(demands.of(trial)).toEqual({ alone: 'device' })
  expect(demands.lose(trial, device)).toMatchObject({ code: 'engine.memory' })
})
