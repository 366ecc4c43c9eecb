import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { dropout } from '../../../src/train/layers/dropout.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

describe('dropout', () => {
  test.each([0.1, 0.5, 0.9])('at rate %d drops that share and keeps the mean', (rate) => {
    const dropped = [...dropout({ tf, random: createRandom(0, 0, 'd') }, tf.ones([200, 500]), rate).dataSync()]
    const zeros = dropped.filter((x) => x === 0).length / dropped.length
    const mean = dropped.reduce((sum, x) => sum + x, 0) / dropped.length
    // Three standard errors of a share over 100,000 units, and of the mean.
    expect(Math.abs(zeros - rate)).toBeLessThan(3 * Math.sqrt((rate * (1 - rate)) / dropped.length))
    expect(Math.abs(mean - 1)).toBeLessThan(3 * Math.sqrt(rate / (1 - rate) / dropped.length))
    expect(new Set(dropped)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]))
  })

  test('does nothing at rate 0 and at evaluation, and repeats from the same stream', () => {
    const x = tf.tensor2d(new Float32Array(200), [4, 50])
    expect(dropout({ tf, random: createRandom(0, 0, 'd') }, x, 0)).toBe(x)
    expect(dropout({ tf }, x, 0.5)).toBe(x)
    const masked = (trial: number) => [
      ...dropout({ tf, random: createRandom(0, trial, 'd') }, tf.ones([4, 50]), 0.5).dataSync(),
    ]
    expect(masked(1)).toEqual(masked(1))
    expect(masked(1)).not.toEqual(masked(2))
  })
})
