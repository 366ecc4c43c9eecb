import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { measureProducts } from '../../src/engine/measure-products.ts'

test('matrix products have a rate, and leave no tensors', async () => {
  const tf = await (await createEngine('wasm')).load()
  const { numTensors, numBytes } = tf.memory()
  const { size, gflops } = await measureProducts(tf)
  expect([512, 1024, 2048, 4096]).toContain(size)
  // From a slow machine under load to the fastest core there is.
  expect(gflops).toBeGreaterThan(0.05)
  expect(gflops).toBeLessThan(1000)
  expect(tf.memory()).toMatchObject({ numTensors, numBytes })
})
