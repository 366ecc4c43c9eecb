import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { type BatchNormConfig, batchNorm, batchNormParameters } from '../../../src/train/layers/batch-norm.ts'
import { forward } from '../../../src/train/models/forward.ts'
import { freeze } from '../../../src/train/models/freeze.ts'
import type { Model } from '../../../src/train/models/model.ts'
import { expectPublished } from './reference.ts'

const UNITS = 3

function modelOf(config: BatchNormConfig = {}): Model {
  return {
    parameters: batchNormParameters('n', UNITS),
    apply: (given, { features }) => batchNorm(given, 'n', features ?? given.tf.zeros([0, UNITS]), config),
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length
const variance = (values: readonly number[]) => mean(values.map((v) => (v - mean(values)) ** 2))

describe.each(['cpu', 'wasm'] as const)('batch norm on %s', (engine) => {
  let tf: Tf
  beforeAll(async () => {
    tf = await (await createEngine(engine)).load()
  })

  /** Rows of normal numbers about `shift` with deviation `spread`. */
  function draw(rows: number, { shift = 0, spread = 1, purpose = 'x' } = {}): Tensor {
    const random = createRandom(0, 0, purpose)
    return tf.tensor2d(
      Float32Array.from({ length: rows * UNITS }, () => shift + spread * random.normal()),
      [rows, UNITS],
    )
  }
  const start = () => [tf.ones([UNITS]), tf.zeros([UNITS]), tf.zeros([UNITS]), tf.ones([UNITS])]

  /** Applies it, as in training unless told otherwise, and notes what becomes of the statistics. */
  function run(
    x: Tensor,
    params: readonly Tensor[],
    config: BatchNormConfig = {},
    { model = modelOf(config), training = true } = {},
  ) {
    const updates: Record<string, number[]> = {}
    const random = training ? { random: createRandom(0, 0, 'training') } : {}
    const onUpdate = (name: string, value: Tensor) => {
      updates[name] = [...value.dataSync()]
    }
    const given = forward(tf, model, params, { features: x }, { onUpdate, ...random })
    return { y: model.apply(given, { features: x }), updates }
  }
  const unit = (y: Tensor, i: number): number[] => [...y.reshape([-1, UNITS]).slice([0, i], [-1, 1]).dataSync()]

  test('normalizes each unit by the moments of the batch while training', () => {
    const { y } = run(draw(50, { shift: 7, spread: 3 }), start(), { epsilon: 0 })
    for (let i = 0; i < UNITS; i++) {
      expect(mean(unit(y, i))).toBeCloseTo(0, 5)
      expect(variance(unit(y, i))).toBeCloseTo(1, 4)
    }
  })

  test('of ghost batches is what PyTorch computes for each of them, gradients too', () => {
    expectPublished(tf, 'ghostBatchNorm', (of) => {
      const params = [of('gamma'), of('beta'), tf.zeros([6]), tf.ones([6])]
      const model: Model = {
        parameters: batchNormParameters('n', 6),
        apply: (given) => batchNorm(given, 'n', of('x'), { ghost: 4, epsilon: 1e-3 }),
      }
      return model.apply(forward(tf, model, params, {}, { random: createRandom(0, 0, 'training') }), {})
    })
  })

  test.each([
    // Rows, rows of a ghost batch, and the groups that come of it.
    [12, 4, [4, 4, 4]],
    [13, 4, [4, 4, 5]],
    [15, 4, [4, 4, 7]],
    [7, 4, [7]],
    [3, 4, [3]],
    [4, 4, [4]],
  ])('of %d rows in ghost batches of %d normalizes groups of %o', (rows, ghost, groups) => {
    const x = draw(rows)
    const { y } = run(x, start(), { ghost })
    let from = 0
    for (const size of groups) {
      const alone = run(tf.slice(x, [from, 0], [size, UNITS]), start()).y.dataSync()
      const among = tf.slice(y, [from, 0], [size, UNITS]).dataSync()
      for (const [i, value] of alone.entries()) expect(among[i]).toBeCloseTo(value, 5)
      from += size
    }
    expect(from).toBe(rows)
    expect(y.shape).toEqual([rows, UNITS])
  })

  test('keeps running statistics: nine tenths of the old and a tenth of the unbiased ones of the batch', () => {
    const x = draw(20, { shift: 2 })
    const { updates } = run(x, start())
    for (let i = 0; i < UNITS; i++) {
      expect(updates['n/mean']?.[i]).toBeCloseTo(0.1 * mean(unit(x, i)), 5)
      expect(updates['n/variance']?.[i]).toBeCloseTo(0.9 + (0.1 * variance(unit(x, i)) * 20) / 19, 5)
    }
  })

  test.each([{}, { ghost: 8 }])('running statistics come to those of the data, %o', (config) => {
    let [scale, offset, means, variances] = start()
    for (let step = 0; step < 120; step++) {
      const x = draw(64, { shift: 5, spread: 2, purpose: `batch ${step}` })
      const { updates } = run(
        x,
        [scale, offset, means, variances].flatMap((each) => each ?? []),
        config,
      )
      means = tf.tensor1d(updates['n/mean'] ?? [])
      variances = tf.tensor1d(updates['n/variance'] ?? [])
    }
    for (const value of means?.dataSync() ?? []) expect(Math.abs(value - 5)).toBeLessThan(0.2)
    for (const value of variances?.dataSync() ?? []) expect(Math.abs(value / 4 - 1)).toBeLessThan(0.15)
  })

  test('at evaluation uses the running statistics and leaves them', () => {
    const params = [
      [2, 1, 1],
      [0, 1, 2],
      [1, 2, 3],
      [4, 9, 16],
    ].map((values) => tf.tensor1d(values))
    const { y, updates } = run(tf.tensor2d([[3, 5, 11]]), params, { epsilon: 0 }, { training: false })
    expect([...y.dataSync()].map((v) => Number(v.toFixed(5)))).toEqual([2, 2, 4])
    expect(updates).toEqual({})
  })

  test('while training too, where they are frozen', () => {
    const model = freeze(modelOf(), /^n\/(mean|variance)$/)
    const params = [...start().slice(0, 2), tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 9, 16])]
    const { y, updates } = run(tf.tensor2d([[3, 5, 11]]), params, {}, { model })
    for (const [i, value] of [1, 1, 2].entries()) expect(y.dataSync()[i]).toBeCloseTo(value, 4)
    expect(updates).toEqual({})
  })

  test('of a single row is finite: the row itself is all that is known', () => {
    const { y, updates } = run(tf.tensor2d([[3, 5, 11]]), start())
    expect([...y.dataSync()]).toEqual([0, 0, 0])
    expect(updates['n/variance']).toEqual([Math.fround(0.9), Math.fround(0.9), Math.fround(0.9)])
  })

  test('counts every place of an image, and ghost batches count images', () => {
    const image = draw(24).reshape([4, 3, 2, UNITS])
    const { y, updates } = run(image, start(), { epsilon: 0 })
    expect(mean(unit(y, 1))).toBeCloseTo(0, 5)
    expect(variance(unit(y, 1))).toBeCloseTo(1, 4)
    expect(updates['n/variance']?.[1]).toBeCloseTo(0.9 + (0.1 * variance(unit(image, 1)) * 24) / 23, 5)
    const ghosts = run(image, start(), { ghost: 2 }).y
    const first = run(tf.slice(image, [0, 0, 0, 0], [2, 3, 2, UNITS]), start()).y.dataSync()
    for (const [i, value] of first.entries()) expect(ghosts.dataSync()[i]).toBeCloseTo(value, 5)
  })
})
