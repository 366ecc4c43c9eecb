import { expect, test } from 'vitest'
import { deviceErrorOf } from '../../src/engine/device-error.ts'
import { DynotuneError } from '../../src/errors.ts'
import { thrownBy } from '../helpers/errors.ts'

test.each([
  'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[65536,65536] and type float on GPU:0',
  'RESOURCE_EXHAUSTED: failed to allocate memory',
  'CUDA_ERROR_OUT_OF_MEMORY: out of memory',
  'CUDNN_STATUS_ALLOC_FAILED in cudnnCreate',
  'vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY',
  'Cannot enlarge memory, requested 4294967296 bytes, but the limit is 4294901760 bytes!',
  'Aborted(OOM). Build with -sASSERTIONS for more info.',
  'WebAssembly.Memory.grow(): Maximum memory size exceeded',
  'Array buffer allocation failed',
])('out of memory: %s', (message) => {
  const cause = new Error(message)
  expect(deviceErrorOf(cause)).toMatchObject({
    code: 'engine.memory',
    remedy: expect.stringContaining('smaller model or batch'),
    cause,
  })
})

test('V8 refuses an array of numbers in words that are known', () => {
  const allocate = () => new Float64Array(2 ** 34 * 1000)
  expect(allocate).toThrow(RangeError)
  try {
    allocate()
  } catch (error) {
    expect(deviceErrorOf(error)?.code).toBe('engine.memory')
  }
})

test.each([
  'vkQueueSubmit failed with VK_ERROR_DEVICE_LOST',
  'DXGI_ERROR_DEVICE_HUNG',
  'Internal: failed to synchronize: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered',
])('the device is lost: %s', (message) => {
  expect(deviceErrorOf(new Error(message))?.code).toBe('engine.lost')
})

test('an error that has such a code already is returned as it is', () => {
  for (const code of ['engine.memory', 'engine.lost'] as const) {
    const error = thrownBy(() => {
      throw new DynotuneError(code, 'It happened.')
    })
    expect(deviceErrorOf(error)).toBe(error)
  }
})

test.each([
  new Error('out of memory, said the database'),
  new RangeError('Invalid typed array length: -1'),
  new DynotuneError('engine.broken', 'OOM when allocating'),
  'OOM when allocating tensor',
  undefined,
])('%s says nothing of the device', (error) => {
  expect(deviceErrorOf(error)).toBeUndefined()
})
