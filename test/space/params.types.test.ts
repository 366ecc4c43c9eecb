import { bool, choice, createSpace, defineStudy, fixed, float, int, type Params } from 'dynotune'
import { expect, expectTypeOf, test } from 'vitest'

const space = {
  optimizer: choice({
    sgd: { momentum: float(0, 0.99), schedule: choice({ cosine: { alpha: float(0, 1) }, constant: {} }) },
    adam: { beta1: float(0.8, 0.99) },
  }),
  batchSize: choice([16, 32]),
  activation: choice(['relu', 'tanh']),
  layers: int(1, 4),
  bias: bool(),
  epochs: fixed(5),
}

type P = Params<typeof space>

test('parameters are inferred from the space', () => {
  expectTypeOf<P['batchSize']>().toEqualTypeOf<16 | 32>()
  expectTypeOf<P['activation']>().toEqualTypeOf<'relu' | 'tanh'>()
  expectTypeOf<P['layers']>().toEqualTypeOf<number>()
  expectTypeOf<P['bias']>().toEqualTypeOf<boolean>()
  expectTypeOf<P['epochs']>().toEqualTypeOf<5>()
  expectTypeOf<P['optimizer']['kind']>().toEqualTypeOf<'sgd' | 'adam'>()
  expect(createSpace(space).parameters).toHaveLength(10)
})

test('a branch is a discriminated union: reading the wrong one does not compile', () => {
  const study = defineStudy({
    name: 'types',
    space,
    metric: 'loss',
    goal: 'minimize',
    budget: { trials: 1 },
    run: ({ params }) => {
      // @ts-expect-error momentum belongs to sgd; the branch is not known yet
      params.optimizer.momentum
      if (params.optimizer.kind === 'sgd') {
        expectTypeOf(params.optimizer.momentum).toEqualTypeOf<number>()
        // @ts-expect-error beta1 belongs to adam
        params.optimizer.beta1
        if (params.optimizer.schedule.kind === 'cosine') return params.optimizer.schedule.alpha
        // @ts-expect-error alpha belongs to cosine
        params.optimizer.schedule.alpha
        return params.optimizer.momentum
      }
      // @ts-expect-error there is no such parameter
      params.width
      return params.optimizer.beta1
    },
  })
  expect(study.space.size).toBe(Number.POSITIVE_INFINITY)
})

test('run may be asynchronous, may return a number, metrics or nothing', () => {
  const rest = { name: 'types', space, metric: 'loss', goal: 'minimize', budget: { trials: 1 } } as const
  const studies = [
    defineStudy({ ...rest, run: () => 1 }),
    defineStudy({ ...rest, run: async () => ({ loss: 1, accuracy: 0 }) }),
    defineStudy({
      ...rest,
      async run(trial) {
        trial.report({ step: 1, loss: 1 })
      },
    }),
    defineStudy({
      ...rest,
      run: ({ report }) => {
        report({ step: 1, loss: 1 })
      },
    }),
    // @ts-expect-error text is no result
    defineStudy({ ...rest, run: () => 'good' }),
  ]
  expect(studies).toHaveLength(5)
})
