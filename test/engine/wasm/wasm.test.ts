import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { recordProducts } from './recorded-products.ts'

test('the engine sends plain products only to the kernel of the back end', async () => {
  await import('@tensorflow/tfjs-backend-wasm')
  const seen = recordProducts(tf)
  const loaded = await (await createEngine('wasm')).load()
  const [a, b] = [loaded.ones([3, 4]), loaded.ones([3, 5])]
  expect(loaded.matMul(a, b, true).shape).toEqual([4, 5])
  loaded.grad((x) => loaded.sum(loaded.matMul(x, b, true)))(a)
  expect(seen.length).toBeGreaterThanOrEqual(3)
  for (const attrs of seen) expect(attrs).toEqual({ transposeA: false, transposeB: false })
})
