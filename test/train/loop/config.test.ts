import { expect, test } from 'vitest'
import { sgd, type TrainingConfig, type Transformation } from '../../../src/train/index.ts'
import { run } from './run-training.ts'

const averaging: Transformation = {
  ...sgd({ learningRate: 0.1 }),
  averaged: (_state, params) => params.map(({ value }) => value),
}

test.each([
  ['steps', 0, { steps: 0 }],
  ['steps', undefined, { steps: undefined }],
  ['steps', 2.5, { steps: 2.5 }],
  ['examples', 31, { examples: 31 }],
  ['evaluateEvery', 0, { evaluateEvery: 0 }],
  ['accumulate', -1, { accumulate: -1 }],
  ['keep', 0, { keep: 0 }],
  ['checkpointEvery', Number.NaN, { checkpointEvery: Number.NaN }],
  ['evaluateOn.rows', 0, { evaluateOn: { rows: 0 } }],
  ['evaluateOn.train', 1.5, { evaluateOn: { train: 1.5 } }],
  ['divergedAt', 1, { divergedAt: 1 }],
  ['schedule', undefined, { optimizer: averaging, schedule: () => 0.5 }],
] as const)('a training with impossible %s (%s) is refused', async (path, value, config) => {
  await expect(run(Object.assign<Partial<TrainingConfig>, object>({}, config))).rejects.toMatchObject({
    code: 'option.invalid',
    path: `train.${path}`,
    value,
    remedy: expect.any(String),
  })
})
