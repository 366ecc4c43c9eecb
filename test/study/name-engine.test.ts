import { expect, expectTypeOf, test } from 'vitest'
import { choice, float } from '../../src/space/domain.ts'
import type { EngineName } from '../../src/study/engine.ts'
import { nameEngine } from '../../src/study/name-engine.ts'
import { defineStudy, type Study } from '../../src/study/study.ts'
import { thrownBy } from '../helpers/errors.ts'

const config = { name: 'named', metric: 'loss', goal: 'minimize', budget: { trials: 1 }, run: () => 0 } as const
const space = {
  rate: float(0, 1),
  engine: choice(['cpu', 'wasm']),
  model: choice({ small: {}, large: { width: float(1, 2) } }),
}

/** A study whose function is not type-checked. */
const naming = (engine: unknown): Study => Reflect.apply(defineStudy, undefined, [{ ...config, space, engine }])

test('a name is taken as it is, also where the study has a function: the run decides', () => {
  const study = naming(() => {
    throw new Error('asked in vain')
  })
  expect(nameEngine(study, 'wasm', {})).toBe('wasm')
  expect(nameEngine(study, 'auto', {})).toBe('auto')
})

test('a function is given the parameters as run sees them, with their types, and names one of the engines', () => {
  const compare = defineStudy({ ...config, space, engine: ({ engine }) => engine })
  const bySize = defineStudy({
    ...config,
    space,
    engine({ model }) {
      expectTypeOf(model.kind).toEqualTypeOf<'small' | 'large'>()
      return model.kind === 'small' ? 'wasm' : 'auto'
    },
  })
  expect(nameEngine(compare, 'per trial', { rate: 0.5, engine: 'cpu' })).toBe('cpu')
  expect(nameEngine(bySize, 'per trial', { model: { kind: 'small' } })).toBe('wasm')
  expect(nameEngine(bySize, 'per trial', { model: { kind: 'large', width: 1 } })).toBe('auto')
  expectTypeOf(nameEngine).returns.toEqualTypeOf<EngineName>()
})

test('a function that names no engine does not compile, and is refused when it is called', () => {
  // @ts-expect-error there is no such engine
  defineStudy({ ...config, space, engine: () => 'cuda' })
  // @ts-expect-error there is no such parameter
  defineStudy({ ...config, space, engine: ({ width }) => (width > 3 ? 'wasm' : 'cpu') })
  for (const named of ['cuda', undefined, 'per trial', Promise.resolve('cpu')]) {
    expect(
      thrownBy(() =>
        nameEngine(
          naming(() => named),
          'per trial',
          {},
        ),
      ),
    ).toMatchObject({
      code: 'engine.unknown',
      path: 'study.engine',
      value: named,
      remedy: expect.stringContaining('auto, tensorflow, webgpu, wasm, cpu'),
    })
  }
})
