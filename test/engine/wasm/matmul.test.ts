import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { mendMatMul } from '../../../src/engine/wasm/matmul.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Engine, Tf } from '../../../src/study/engine.ts'
import { recordProducts } from './recorded-products.ts'

let cpu: Engine
let wasm: Engine
beforeAll(async () => {
  cpu = await createEngine('cpu')
  wasm = await createEngine('wasm')
})

interface Case {
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly batch: readonly number[]
}

const cases: Case[] = [[], [3], [2, 2]].flatMap((batch) =>
  [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB, batch }))),
)

function operand(tf: Tf, batch: readonly number[], rows: number, columns: number, transposed: boolean, seed: number) {
  const random = createRandom(seed, 0, 'matmul')
  const shape = [...batch, ...(transposed ? [columns, rows] : [rows, columns])]
  const size = shape.reduce((product, n) => product * n, 1)
  return tf.tensor(Float32Array.from({ length: size }, random.normal), shape)
}

/** Product and both gradients of a weighted sum of it. */
async function compute(engine: Engine, { transposeA, transposeB, batch }: Case): Promise<number[][]> {
  const tf = await engine.load()
  const results = tf.tidy(() => {
    const a = operand(tf, batch, 5, 7, transposeA, 1)
    const b = operand(tf, batch, 7, 4, transposeB, 2)
    const weights = operand(tf, batch, 5, 4, false, 3)
    const product = (x: Tensor, y: Tensor) => tf.matMul(x, y, transposeA, transposeB)
    const { grads } = tf.valueAndGrads((x, y) => tf.sum(tf.mul(product(x, y), weights)))([a, b])
    return [product(a, b), ...grads]
  })
  const values = results.map((tensor) => [...tensor.dataSync()])
  tf.dispose(results)
  return values
}

test.each(cases)('product and gradients agree with the cpu engine: %o', async (each) => {
  const expected = await compute(cpu, each)
  const actual = await compute(wasm, each)
  expect(actual.map((values) => values.length)).toEqual(expected.map((values) => values.length))
  for (const [i, value] of actual.flat().entries()) expect(value).toBeCloseTo(expected.flat()[i] ?? Number.NaN, 5)
})

describe('the kernel below', () => {
  test('sees plain operands only, and nothing stays behind', async () => {
    const tf = await wasm.load()
    const seen = recordProducts(tf)
    const restore = mendMatMul(tf)
    const data = () => tf.backend().numDataIds()
    const before = data()
    for (const each of cases) await compute(wasm, each)
    restore()
    expect(seen).toHaveLength(cases.length * 4)
    for (const attrs of seen) expect(attrs).toEqual({ transposeA: false, transposeB: false })
    expect(data()).toBe(before)
  })
})

test('gradients over broadcast batches fail as they do on the other engines', async () => {
  const attempt = async (engine: Engine) => {
    const tf = await engine.load()
    return () => tf.tidy(() => tf.grad((y) => tf.sum(tf.matMul(tf.ones([2, 3, 4]), y)))(tf.ones([1, 4, 5])))
  }
  for (const engine of [cpu, wasm]) expect(await attempt(engine)).toThrow(/shape/)
})
