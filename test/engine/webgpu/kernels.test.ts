import type { Tensor } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { findEngine } from '../../helpers/engines.ts'

const engine = await findEngine('webgpu')

async function values(f: (tf: Tf) => Tensor): Promise<number[]> {
  const tf = await (engine ?? (await createEngine('webgpu'))).load()
  const result = tf.tidy(() => f(tf))
  const read = [...(await result.data())]
  result.dispose()
  return read
}

const FUNCTIONS = [
  ...(['sigmoid', 'softplus', 'sin', 'cos', 'tan', 'exp', 'expm1', 'log', 'log1p', 'cosh', 'sinh'] as const),
  ...(['relu', 'relu6', 'elu', 'selu'] as const),
]

describe.skipIf(!engine)('kernels of webgpu', () => {
  test.each([
    ['sin', (tf: Tf, x: Tensor) => tf.sin(x), Math.sin],
    ['cos', (tf: Tf, x: Tensor) => tf.cos(x), Math.cos],
  ])('%s is good to single precision as far as 8192', async (_name, f, exact) => {
    const at = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) * 4.0957 + 0.001 * i)
    const found = await values((tf) => f(tf, tf.tensor1d(at)))
    const errors = found.map((y, i) => Math.abs(y - exact(at[i] ?? Number.NaN)))
    expect(Math.max(...errors)).toBeLessThan(3e-7)
  })

  test('what is not a number stays so, also where it is the result of a training that diverged', async () => {
    for (const name of FUNCTIONS)
      expect([name, ...(await values((tf) => tf[name](tf.fill([1500], Number.NaN)).max()))]).toEqual([name, Number.NaN])
    for (const activation of ['linear', 'relu', 'relu6', 'sigmoid', 'elu'] as const) {
      const fused = (tf: Tf) =>
        tf.fused.matMul({ a: tf.fill([40, 30], Number.NaN), b: tf.ones([30, 2]), activation }).sum()
      expect([activation, ...(await values(fused))]).toEqual([activation, Number.NaN])
    }
  })

  test('small numbers are not lost, and what is infinite is', async () => {
    const small = Float32Array.from([-0.06, -1e-3, -1e-6, 1e-8, 1e-4, 0.04, 0.3])
    for (const [f, exact] of [
      [(tf: Tf, x: Tensor) => tf.expm1(x), Math.expm1],
      [(tf: Tf, x: Tensor) => tf.log1p(x), Math.log1p],
      [(tf: Tf, x: Tensor) => tf.sinh(x), Math.sinh],
    ] as const) {
      const found = await values((tf) => f(tf, tf.tile(tf.tensor1d(small), [200])))
      const errors = Array.from(small, (x, i) => Math.abs((found[i] ?? Number.NaN) / exact(x) - 1))
      expect(Math.max(...errors)).toBeLessThan(1e-5)
    }
    const at = (x: number) => (tf: Tf) => tf.slice(tf.log(tf.fill([1500], x)), [0], [1])
    expect(await values(at(0))).toEqual([Number.NEGATIVE_INFINITY])
    expect(await values(at(Number.POSITIVE_INFINITY))).toEqual([Number.POSITIVE_INFINITY])
    expect(await values(at(-1))).toEqual([Number.NaN])
  })

  test('reductions of nothing are what they start from', async () => {
    const nothing = (tf: Tf) => tf.zeros([0, 2])
    expect(await values((tf) => tf.sum(nothing(tf), 0))).toEqual([0, 0])
    expect(await values((tf) => tf.prod(nothing(tf)))).toEqual([1])
    expect(await values((tf) => tf.mean(nothing(tf), [0, 1], true))).toEqual([Number.NaN])
    expect(await values((tf) => tf.max(nothing(tf)))).toEqual([Number.NEGATIVE_INFINITY])
    expect(await values((tf) => tf.min(nothing(tf), 1))).toEqual([])
  })

  test('a segment sum leaves out rows of segments that there are not, and adds up many rows', async () => {
    const ids = [2, -1, 0, 3, 2, 7]
    expect(
      await values((tf) =>
        tf.unsortedSegmentSum(tf.tensor2d([1, 2, 3, 4, 5, 6], [6, 1]), tf.tensor1d(ids, 'int32'), 3),
      ),
    ).toEqual([3, 0, 6])
    const all = (tf: Tf) => tf.unsortedSegmentSum(tf.ones([5000, 1]), tf.onesLike(tf.range(0, 5000, 1, 'int32')), 2)
    expect(await values(all)).toEqual([0, 5000])
  })
})
