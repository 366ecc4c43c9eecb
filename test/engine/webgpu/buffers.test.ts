import { expect, test } from 'vitest'
import { createBufferPool } from '../../../src/engine/webgpu/buffers.ts'
import { DynotuneError } from '../../../src/errors.ts'

const STORAGE = 0x80
const MAP_READ = 0x01

/** A pool on a device that has room for so many bytes at once. */
function poolOn(memory: number) {
  const alive = new Set<object>()
  let bytes = 0
  let error: DynotuneError | undefined
  const device = {
    limits: { maxBufferSize: 4096, maxStorageBufferBindingSize: 1024 },
    createBuffer({ size, usage }: { size: number; usage: number }) {
      if (bytes + size > memory) error = new DynotuneError('engine.memory', 'Too much.')
      else bytes += size
      const buffer = {
        size,
        usage,
        destroy() {
          if (alive.delete(buffer)) bytes -= size
        },
      }
      alive.add(buffer)
      return buffer
    },
  }
  const watch = {
    take() {
      const taken = error
      error = undefined
      return taken
    },
  }
  const fail = (failure: DynotuneError) => {
    error = failure
  }
  return { pool: createBufferPool(device, watch), alive, fail }
}

test('a buffer that is released is the next of its size and usage; others are new', () => {
  const { pool } = poolOn(4096)
  const first = pool.acquireBuffer(256, STORAGE)
  pool.releaseBuffer(first)
  expect(pool.acquireBuffer(256, MAP_READ)).not.toBe(first)
  expect(pool.acquireBuffer(128, STORAGE)).not.toBe(first)
  expect(pool.acquireBuffer(256, STORAGE)).toBe(first)
  expect(pool.acquireBuffer(256, STORAGE)).not.toBe(first)
})

test('bytes are counted, in use and in all', () => {
  const { pool } = poolOn(4096)
  const [a, b] = [pool.acquireBuffer(100, STORAGE), pool.acquireBuffer(200, STORAGE)]
  expect([pool.numBytesUsed, pool.numBytesAllocated]).toEqual([300, 300])
  pool.releaseBuffer(a)
  expect([pool.numBytesUsed, pool.numBytesAllocated]).toEqual([200, 300])
  pool.releaseBuffer(b, false)
  expect([pool.numBytesUsed, pool.numBytesAllocated]).toEqual([0, 100])
})

test('one that is not to be reused, and those of a disposed pool, are destroyed', () => {
  const { pool, alive } = poolOn(4096)
  pool.releaseBuffer(pool.acquireBuffer(8, STORAGE, true, false), false)
  expect(alive.size).toBe(0)
  pool.acquireBuffer(8, STORAGE)
  pool.releaseBuffer(pool.acquireBuffer(16, STORAGE))
  pool.dispose()
  expect(alive.size).toBe(0)
})

test('buffers of a size that is not asked for any more are given back, those in use and in demand are kept', () => {
  const { pool, alive } = poolOn(4096)
  pool.releaseBuffer(pool.acquireBuffer(100, STORAGE))
  const held = pool.acquireBuffer(200, STORAGE)
  for (let i = 0; i < 20_000; i++) pool.releaseBuffer(pool.acquireBuffer(300, STORAGE))
  expect(alive.size).toBe(2)
  pool.releaseBuffer(held)
  expect(pool.acquireBuffer(200, STORAGE)).toBe(held)
})

test('when memory runs out, what is free is given back before that is an error', () => {
  const { pool, alive } = poolOn(1000)
  for (const buffer of [pool.acquireBuffer(400, STORAGE), pool.acquireBuffer(500, STORAGE)]) pool.releaseBuffer(buffer)
  expect(pool.acquireBuffer(600, STORAGE).size).toBe(600)
  expect(alive.size).toBeLessThanOrEqual(2)
  expect(() => pool.acquireBuffer(601, STORAGE)).toThrow(expect.objectContaining({ code: 'engine.memory' }))
  expect(pool.numBytesUsed).toBe(600)
})

test('more than the device can bind, or can have in one buffer, is an error before it is tried', () => {
  const { pool, alive } = poolOn(1e9)
  for (const [size, usage] of [
    [1025, STORAGE],
    [4097, MAP_READ],
  ] as const) {
    expect(() => pool.acquireBuffer(size, usage)).toThrow(
      expect.objectContaining({ code: 'engine.memory', value: `${size} bytes for one tensor` }),
    )
  }
  expect(pool.acquireBuffer(4096, MAP_READ).size).toBe(4096)
  expect(alive.size).toBe(1)
})

test('what has happened to the device is thrown at whoever asks for a buffer next, and a buffer is never empty', () => {
  const { pool, fail } = poolOn(4096)
  const failure = new DynotuneError('engine.lost', 'Gone.')
  fail(failure)
  expect(() => pool.acquireBuffer(4, STORAGE)).toThrow(failure)
  expect(pool.acquireBuffer(0, STORAGE).size).toBe(4)
})
