import { expect, test } from 'vitest'
import { float } from '../../src/space/domain.ts'
import { resourcesOf } from '../../src/study/resources.ts'
import { defineStudy, type StudyConfig } from '../../src/study/study.ts'
import { thrownBy } from '../helpers/errors.ts'

const space = { x: float(0, 1) }

function asked(config: Partial<StudyConfig<typeof space>>, x = 0.5) {
  const base = { name: 'a', space, metric: 'loss', goal: 'minimize', budget: { trials: 1 }, run: () => 0 } as const
  const study = defineStudy({ ...base, ...config })
  return { definition: study.definition, resources: () => resourcesOf(study, study.definition, { x }) }
}

test('a trial asks for what the study says, or its functions say of its parameters', () => {
  expect(asked({}).resources()).toEqual({ classes: [] })
  expect(asked({ class: 'a', gpuMemory: '40GB' }).resources()).toEqual({ classes: ['a'], gpuMemory: 40e9 })
  expect(asked({ class: ['a', 'b'] }).resources()).toEqual({ classes: ['a', 'b'] })
  const { definition } = asked({ class: () => 'a', gpuMemory: () => 1 })
  expect(definition).toMatchObject({ class: 'per trial', gpuMemory: 'per trial' })
  const byWidth = { class: ({ x }: { x: number }) => (x > 0.7 ? ['b', 'c'] : undefined), gpuMemory: () => '1GiB' }
  expect(asked(byWidth, 0.8).resources()).toEqual({ classes: ['b', 'c'], gpuMemory: 2 ** 30 })
  expect(asked(byWidth, 0.6).resources()).toEqual({ classes: [], gpuMemory: 2 ** 30 })
})

test.each([
  ['study.class', { class: () => 'a:b' }],
  ['study.gpuMemory', { gpuMemory: () => 'much' }],
  ['study.gpuMemory', { gpuMemory: () => -1 }],
])('what is no %s is refused by name', (path, config) => {
  expect(thrownBy(() => asked(config).resources())).toMatchObject({ code: 'study.invalid', path })
})

test.each([
  ['study.class', { class: [] }],
  ['study.class', { class: ['a', 'per trial'] }],
  ['study.gpuMemory', { gpuMemory: 'much' }],
])('%s of a study is judged before any trial', (path, config) => {
  expect(thrownBy(() => asked(config))).toMatchObject({ code: 'study.invalid', path })
})
