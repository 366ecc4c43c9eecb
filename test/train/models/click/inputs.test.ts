import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/engine.ts'
import { createRandom } from '../../../../src/numerics/random.ts'
import type { Tf } from '../../../../src/study/engine.ts'
import { clickMlp } from '../../../../src/train/models/click/click-mlp.ts'
import { dcnV2 } from '../../../../src/train/models/click/dcn-v2.ts'
import { forward } from '../../../../src/train/models/forward.ts'
import { DATA, drawnParams, models, rowsOf } from './small-models.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

const data = DATA.both

describe.each(Object.keys(models))('%s', (name) => {
  const model = models[name]?.(data) ?? expect.fail()

  test('looks its tables up by the ids of the batch, so that a step may gather their rows before', () => {
    const inputs = rowsOf(tf, data, 5)
    const params = drawnParams(tf, model)
    // Only the rows of a table that the batch touches, in another order.
    const ids = [...new Set(inputs.categories?.dataSync())].reverse()
    const places = tf.tensor2d(
      (inputs.categories?.dataSync() ?? []).map((id) => ids.indexOf(id)),
      [5, data.fields],
      'int32',
    )
    const rows = new Map<string, { values: Tensor; places: Tensor }>()
    const others = params.map((tensor, i) => {
      const { name: of, role, input } = model.parameters[i] ?? expect.fail()
      if (role !== 'embedding') return tensor
      expect(input).toBe('categories')
      rows.set(of, { values: tf.gather(tensor, tf.tensor1d(ids, 'int32')), places })
      return tf.fill(tensor.shape, Number.NaN)
    })
    expect(rows.size).toBeGreaterThan(0)
    const whole = model.apply(forward(tf, model, params, inputs), inputs).dataSync()
    const gathered = model.apply(forward(tf, model, others, inputs, { rows }), inputs).dataSync()
    expect(gathered).toEqual(whole)
  })
})

test.each(['logistic regression', 'factorization machine'])('%s does not depend on the order of the fields', (name) => {
  const model = models[name]?.(data) ?? expect.fail()
  const { features = tf.scalar(0), categories = tf.scalar(0) } = rowsOf(tf, data, 5)
  const params = drawnParams(tf, model)
  const logits = (order: number[]) => {
    const inputs = { features, categories: tf.gather(categories, tf.tensor1d(order, 'int32'), 1) }
    return model.apply(forward(tf, model, params, inputs), inputs).dataSync()
  }
  const expected = logits([0, 1, 2])
  logits([2, 0, 1]).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5)
  })
})

test('while training, hidden units are dropped, and batch norm gathers its statistics', () => {
  const model = clickMlp({ embedding: 3, hidden: [32], dropout: 0.5, norm: { kind: 'batch' } }, data)
  const inputs = rowsOf(tf, data, 8)
  const params = drawnParams(tf, model)
  const updates: string[] = []
  const apply = (random?: ReturnType<typeof createRandom>) => {
    const options = { ...(random && { random }), onUpdate: (name: string) => updates.push(name) }
    return model.apply(forward(tf, model, params, inputs, options), inputs).dataSync()
  }
  const evaluated = apply()
  expect(updates).toEqual([])
  const [first, second] = [apply(createRandom(0, 0, 'dropout')), apply(createRandom(0, 1, 'dropout'))]
  expect(apply(createRandom(0, 0, 'dropout'))).toEqual(first)
  expect(first).not.toEqual(second)
  expect(first).not.toEqual(evaluated)
  expect(new Set(updates)).toEqual(new Set(['hidden0/norm/mean', 'hidden0/norm/variance']))
})

test('cross and hidden layers show what they compute', () => {
  const model = dcnV2({ embedding: 3, crossLayers: 2, rank: 2, hidden: [4] }, data)
  const inputs = rowsOf(tf, data, 5)
  const seen: Record<string, number[]> = {}
  const onObserve = (name: string, { shape }: Tensor) => {
    seen[name] = shape
  }
  model.apply(forward(tf, model, drawnParams(tf, model), inputs, { onObserve }), inputs)
  expect(seen).toEqual({ cross0: [5, 11], cross1: [5, 11], hidden0: [5, 4] })
})
