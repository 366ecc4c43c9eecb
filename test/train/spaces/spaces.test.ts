import { choice, createSpace, defineStudy, fixed, type Params } from 'dynotune'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { cnn } from '../../../src/train/models/cnn.ts'
import { lstmNextWord } from '../../../src/train/models/lstm-next-word.ts'
import { mlp } from '../../../src/train/models/mlp.ts'
import type { Model } from '../../../src/train/models/model.ts'
import { transformerClassifier } from '../../../src/train/models/transformer-classifier.ts'
import { cnnSpace } from '../../../src/train/spaces/cnn-space.ts'
import { lstmSpace } from '../../../src/train/spaces/lstm-space.ts'
import { mlpSpace } from '../../../src/train/spaces/mlp-space.ts'
import { optimizerFrom } from '../../../src/train/spaces/optimizer-from.ts'
import { type OptimizerParams, optimizerSpace } from '../../../src/train/spaces/optimizer-space.ts'
import { scheduleFrom } from '../../../src/train/spaces/schedule-from.ts'
import { scheduleSpace } from '../../../src/train/spaces/schedule-space.ts'
import { transformerSpace } from '../../../src/train/spaces/transformer-space.ts'
import { widthsOf } from '../../../src/train/spaces/widths.ts'
import { disposeTraining, startTraining, trainStep } from '../../../src/train/step.ts'
import { classification } from '../../../src/train/tasks/classification.ts'
import { initialWeights } from '../../../src/train/weights.ts'
import { normals } from '../models/cases.ts'

const random = createRandom(0, 0, 'spaces')

test('what a trial gets of a space is what its model takes, with no cast', () => {
  const space = createSpace({
    model: choice({ mlp: mlpSpace(), cnn: cnnSpace(), lstm: lstmSpace(), transformer: transformerSpace() }),
    optimizer: optimizerSpace(),
    schedule: scheduleSpace(),
  })
  function modelOf({ model }: Params<typeof space.spec>): Model {
    switch (model.kind) {
      case 'mlp':
        return mlp({ inputs: 64, classes: 10, ...model, hidden: widthsOf(model.hidden) })
      case 'cnn':
        return cnn({ image: [8, 8, 1], classes: 10, ...model, channels: widthsOf(model.channels) })
      case 'lstm':
        return lstmNextWord({ vocabulary: 20, ...model })
      case 'transformer':
        return transformerClassifier({ vocabulary: 20, length: 8, classes: 2, ...model })
    }
  }
  const kinds = new Set<string>()
  for (let i = 0; i < 200; i++) {
    const params = space.nest(space.sample(() => random.next()))
    expect(modelOf(params).parameters.length).toBeGreaterThan(0)
    expect(optimizerFrom(params.optimizer, scheduleFrom(params.schedule, 100)).init([])).toBeDefined()
    kinds.add(params.model.kind).add(params.optimizer.kind).add(params.schedule.kind)
    if (params.model.kind === 'mlp') kinds.add(params.model.norm.kind).add(params.model.hidden.kind)
  }
  expect(kinds.size).toBe(4 + 6 + 3 + 4 + 3)
})

test('a part of a space is spread into a study, where a domain of it may be replaced', () => {
  const study = defineStudy({
    name: 'parts',
    space: { ...mlpSpace(), dropout: fixed(0), optimizer: optimizerSpace({ trials: 5 }) },
    metric: 'loss',
    goal: 'minimize',
    budget: { trials: 1 },
    run: ({ params }) => {
      expectTypeOf(params.dropout).toEqualTypeOf<0>()
      expectTypeOf(params.residual).toEqualTypeOf<boolean>()
      expectTypeOf(params.activation).toEqualTypeOf<'sigmoid' | 'tanh' | 'relu' | 'leakyRelu' | 'gelu'>()
      expectTypeOf(params.optimizer).toEqualTypeOf<OptimizerParams>()
      // @ts-expect-error only ghost batch norm has a size; the branch is not known yet
      params.norm.size
      if (params.norm.kind === 'ghost') expectTypeOf(params.norm.size).toEqualTypeOf<number>()
      // @ts-expect-error plain gradient descent has no momentum, and Adam neither
      params.optimizer.momentum
      if (params.optimizer.kind === 'adam') {
        // @ts-expect-error the decay belongs to AdamW
        params.optimizer.weightDecay
      }
      // @ts-expect-error one layer has no second width
      if (params.hidden.kind === 'one') params.hidden.second
      return mlp({ inputs: 2, classes: 2, ...params, hidden: widthsOf(params.hidden) }).parameters.length
    },
  })
  expect(study.space.parameter('dropout')?.dimension).toBe(-1)
  expect(study.space.parameter('ghost.size')?.parent).toEqual({ name: 'norm', branch: 'ghost' })
})

test.each([
  [5, []],
  [10, ['beta1']],
  [25, ['beta1', 'epsilon']],
  [1000, ['beta1', 'beta2', 'epsilon']],
])('a budget of %d trials varies of Adam the learning rate and %o', (trials, names) => {
  const space = createSpace({ optimizer: optimizerSpace({ trials }) })
  const varied = space.parameters.filter(({ parent, dimension }) => parent?.branch === 'nadamw' && dimension >= 0)
  expect(varied.map(({ key }) => key).sort()).toEqual([...names, 'learningRate', 'weightDecay'].sort())
})

test('schedules rise over the warmup and fall to their end', () => {
  const linear = scheduleFrom({ kind: 'linear', warmup: 0.05, decay: 0.9, end: 0.01 }, 1000)
  expect([0, 25, 50, 905, 1000].map(linear)).toEqual([0, 0.5, 1, expect.closeTo(0.01, 12), 0.01])
  expect(linear(477.5 - 0.5)).toBeGreaterThan(0.5)
  const cosine = scheduleFrom({ kind: 'cosine', warmup: 0.05 }, 1000)
  expect([0, 50, 525, 1000].map(cosine)).toEqual([0, 1, expect.closeTo(0.5, 12), expect.closeTo(0, 12)])
  expect([0, 500].map(scheduleFrom({ kind: 'constant' }, 1000))).toEqual([1, 1])
})

describe('optimizers of a space', () => {
  let tf: Tf
  beforeAll(async () => {
    tf = await (await createEngine('cpu')).load()
  })

  const adaptive = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
  const gathered = { learningRate: 0.02, momentum: 0.9, weightDecay: 1e-6 }
  const all: readonly OptimizerParams[] = [
    { kind: 'sgd', learningRate: 0.3 },
    { kind: 'momentum', ...gathered },
    { kind: 'nesterov', ...gathered },
    { kind: 'adam', ...adaptive },
    { kind: 'adamw', ...adaptive, weightDecay: 0.01 },
    { kind: 'nadamw', ...adaptive, weightDecay: 0.01 },
  ]

  /** The first kernel after some steps. */
  function trained(params: OptimizerParams, schedule?: (step: number) => number): string {
    const model = mlp({ inputs: 3, hidden: [4], classes: 3 })
    const training = { model, task: classification, optimizer: optimizerFrom(params, schedule) }
    let state = startTraining(
      tf,
      training,
      initialWeights(model, (purpose) => createRandom(0, 0, purpose)),
    )
    const batch = () => ({
      inputs: { features: normals(tf, 6, 3) },
      labels: tf.tensor1d([0, 1, 2, 2, 1, 0], 'int32'),
    })
    for (let step = 0; step < 5; step++)
      state = trainStep(tf, training, state, batch, createRandom(0, step, 'training'))
    const values = String(state.params[0]?.dataSync())
    disposeTraining(state)
    return values
  }

  test('are all of them different, and follow the schedule', () => {
    expect(new Set(all.map((params) => trained(params))).size).toBe(all.length)
    for (const params of all) {
      const half = trained({ ...params, learningRate: params.learningRate / 2 })
      expect(
        trained(params, () => 0.5),
        params.kind,
      ).toBe(half)
    }
  })
})
