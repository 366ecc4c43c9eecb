import type { Tensor } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/engine.ts'
import { createRandom } from '../../../../src/numerics/random.ts'
import type { Tf } from '../../../../src/study/engine.ts'
import { dcnV2 } from '../../../../src/train/models/click/dcn-v2.ts'
import { mlpOfEqualSize } from '../../../../src/train/models/click/mlp-of-equal-size.ts'
import type { Inputs } from '../../../../src/train/models/model.ts'
import { DATA, models } from './small-models.ts'
import { lossAfterTraining } from './training.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('wasm')).load()
})

describe('whether one of two ids is there without the other', () => {
  const { 'logistic regression': logistic, 'plain network with batch norm': _, ...others } = models
  let inputs: Inputs
  let labels: Tensor
  // All combinations of the ids of three fields, of which the third says nothing.
  beforeAll(() => {
    const rows = [0, 1].flatMap((a) => [0, 1].flatMap((b) => [0, 1, 2].map((c) => [a, b, c] as const)))
    const ids = rows.map(([a, b, c]) => [a, 2 + b, 4 + c])
    inputs = { categories: tf.tensor2d(ids, undefined, 'int32') }
    labels = tf.tensor2d(rows.map(([a, b]) => [a ^ b]))
  })
  afterAll(() => tf.dispose([inputs, labels]))

  const training = {
    steps: 300,
    learningRate: 0.03,
    loss: (logits: Tensor) => tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, labels))),
  }

  test('is nothing that logistic regression could learn', () => {
    const model = logistic?.(DATA.fields) ?? expect.fail()
    expect(lossAfterTraining(tf, model, inputs, training)).toBeCloseTo(Math.LN2, 4)
  })

  test.each(Object.entries(others))('is learned by %s, which leaves no tensor', (_name, build) => {
    const { numTensors } = tf.memory()
    expect(lossAfterTraining(tf, build(DATA.fields), inputs, training)).toBeLessThan(0.1)
    expect(tf.memory().numTensors).toBe(numTensors)
  })
})

test('one cross layer learns the published polynomial of degree two, and a plain network of its size does not', () => {
  const random = createRandom(0, 0, 'polynomial')
  const rows = Array.from({ length: 500 }, () => [random.int(200) / 200, random.int(24) / 24, random.int(6) / 6])
  const inputs = { features: tf.tensor2d(rows) }
  const values = tf.tensor2d(
    rows.map(([a = 0, b = 0, c = 0]) => [0.1 * a + 0.4 * b + 0.7 * c + 0.1 * a * b + 3.1 * b * c + 0.1 * c * c]),
  )
  const cross = dcnV2({ embedding: 1, crossLayers: 1, rank: 'full', hidden: [] }, { features: 3 })
  const plain = mlpOfEqualSize(cross, { embedding: 1, depth: 1 }, { features: 3 })
  const loss = (outputs: Tensor) => tf.mean(tf.squaredDifference(outputs, values))
  const error = (model: typeof cross) =>
    Math.sqrt(lossAfterTraining(tf, model, inputs, { steps: 400, learningRate: 0.1, loss }))
  expect(error(cross)).toBeLessThan(0.02)
  expect(error(plain)).toBeGreaterThan(0.05)
  tf.dispose([inputs, values])
})
