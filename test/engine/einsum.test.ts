import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'

const LENGTHS: Record<string, number> = { a: 1, b: 2, c: 3, d: 4, e: 2 }
const labels = fc.shuffledSubarray(Object.keys(LENGTHS))
const equation = fc.tuple(labels, fc.option(labels, { nil: undefined })).chain(([first, second]) =>
  fc.shuffledSubarray([...new Set([...first, ...(second ?? [])])]).map((output) => ({
    operands: second ? [first, second] : [first],
    output,
  })),
)

/** By definition: the sum, over all values of all labels, of the product of what the operands have there. */
function sumOfProducts(operands: readonly { labels: string[]; values: Float32Array }[], output: string[]): number[] {
  const all = [...new Set(operands.flatMap((operand) => operand.labels))]
  const sums = new Array<number>(output.reduce((size, label) => size * (LENGTHS[label] ?? 0), 1)).fill(0)
  const count = all.reduce((size, label) => size * (LENGTHS[label] ?? 0), 1)
  for (let i = 0; i < count; i++) {
    let rest = i
    const at: Record<string, number> = {}
    for (const label of all) {
      at[label] = rest % (LENGTHS[label] ?? 1)
      rest = Math.floor(rest / (LENGTHS[label] ?? 1))
    }
    const place = (of: string[]) => of.reduce((index, label) => index * (LENGTHS[label] ?? 0) + (at[label] ?? 0), 0)
    const product = operands.reduce(
      (value, operand) => value * (operand.values[place(operand.labels)] ?? Number.NaN),
      1,
    )
    sums[place(output)] = (sums[place(output)] ?? 0) + product
  }
  return sums
}

test.each(['cpu', 'wasm'] as const)('on %s any contraction is the sum of products that it says', async (name) => {
  const tf = await (await createEngine(name)).load()
  fc.assert(
    fc.property(equation, fc.constantFrom<'float32' | 'int32'>('float32', 'int32'), ({ operands, output }, dtype) => {
      const before = tf.memory().numTensors
      // An operand without labels is a scalar, which tf.einsum does not know.
      fc.pre(operands.every((operand) => operand.length > 0))
      const tensors: Tensor[] = operands.map((operand, k) => {
        const shape = operand.map((label) => LENGTHS[label] ?? 1)
        const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => ((i * 7 + k * 3) % 11) - 5)
        return tf.tensor(values, shape, dtype)
      })
      const text = `${operands.map((operand) => operand.join('')).join(',')}->${output.join('')}`
      const result = tf.einsum(text, ...tensors)
      const expected = sumOfProducts(
        operands.map((operand, k) => ({ labels: operand, values: Float32Array.from(tensors[k]?.dataSync() ?? []) })),
        output,
      )
      expect(result.shape, text).toEqual(output.map((label) => LENGTHS[label]))
      expect(
        [...result.dataSync()].map((value) => value + 0),
        text,
      ).toEqual(expected.map((value) => value + 0))
      expect(result.dtype).toBe(dtype)
      tf.dispose([result, tensors])
      expect(tf.memory().numTensors).toBe(before)
    }),
    { numRuns: 150 },
  )
})

test('operands of different lengths, and equations that say nothing, are refused', async () => {
  const tf = await (await createEngine('wasm')).load()
  expect(() => tf.einsum('ij,jk->ik', tf.ones([2, 3]), tf.ones([4, 2]))).toThrow(/dimension/)
  expect(() => tf.einsum('ij', tf.ones([2, 3]))).toThrow(/arrow/)
})
