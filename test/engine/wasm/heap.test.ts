import { expect, test } from 'vitest'
import { wasmHeap } from '../../../src/engine/wasm/heap.ts'
import { wasm } from './beside-cpu.ts'

test('what is borrowed is given back, also when its use fails', async () => {
  const heap = wasmHeap(await wasm())
  const bytes = 64 << 20
  heap.borrow(bytes, () => {})
  const size = heap.memory.buffer.byteLength
  for (let i = 0; i < 100; i++) {
    const fails = () =>
      heap.borrow(bytes, () => {
        throw new RangeError('while in use')
      })
    expect(fails).toThrow(RangeError)
  }
  expect(heap.memory.buffer.byteLength).toBe(size)
})

test('more memory than there is is an error with a code', async () => {
  const heap = wasmHeap(await wasm())
  for (const take of [heap.allocate, (bytes: number) => heap.borrow(bytes, Number)]) {
    expect(() => take(2 ** 32 - 2 ** 16)).toThrow(expect.objectContaining({ code: 'engine.memory' }))
  }
})

test('what was there before is zero in new zeros, and stays in what is shared', async () => {
  const heap = wasmHeap(await wasm())
  const values = (tensor: ReturnType<typeof heap.zeros>) => [
    ...new Float32Array(heap.memory.buffer, heap.address(tensor), tensor.shape[0] ?? 0),
  ]
  const first = heap.zeros([9])
  new Float32Array(heap.memory.buffer, heap.address(first), 9).fill(1)
  const shared = heap.share(first, [3, 3])
  heap.dispose(first)
  expect(shared.shape).toEqual([3, 3])
  expect(values({ ...shared, shape: [9] })).toEqual(Array.from({ length: 9 }, () => 1))
  heap.dispose(shared)
  const second = heap.zeros([9])
  expect(values(second)).toEqual(Array.from({ length: 9 }, () => 0))
  heap.dispose(second)
})
