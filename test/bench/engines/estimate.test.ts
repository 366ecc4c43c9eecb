import { expect, test } from 'vitest'
import { inProportion } from '../../../bench/engines/estimate.ts'
import { rowLike } from './row-like.ts'

test('gradients take as much longer as the batch is larger, the optimizer as long as before', () => {
  const row = inProportion(rowLike({ batch: 32, stepMs: 10, gradientsMs: 8, optimizerMs: 2 }), 128)
  expect(row).toMatchObject({ batch: 128, gradientsMs: 32, optimizerMs: 2, stepMs: 34, estimatedFrom: 32, steps: 0 })
  // 3 times 1.34 million multiplications and additions, of 128 examples, in 34 ms.
  expect(row.gflops).toBeCloseTo((3 * 2 * (784 * 512 + 512 * 512 + 512 * 10) * 128) / 0.034 / 1e9, 6)
})

test('an estimate of an estimate names the batch that was measured', () => {
  expect(inProportion(inProportion(rowLike({}), 128), 1024).estimatedFrom).toBe(32)
})
