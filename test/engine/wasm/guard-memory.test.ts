import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'

test('a tensor that does not fit into what is left is an error, and those before it keep their values', async () => {
  const tf = await (await createEngine('wasm')).load()
  const before = tf.tensor1d([1, 2, 3])
  // With what the back end holds already it is more than the 4 GB less 64 kB that wasm can have.
  expect(() => tf.fill([1_073_700_000], 1)).toThrow(
    expect.objectContaining({ code: 'engine.memory', value: '4294800000 bytes for one tensor' }),
  )
  expect([...(await before.data())]).toEqual([1, 2, 3])
  expect([...(await tf.add(before, 1).data())]).toEqual([2, 3, 4])
})
