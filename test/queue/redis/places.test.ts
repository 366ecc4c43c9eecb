import { expect, test } from 'vitest'
import { inOrder, partsOf, placeOf, serves } from '../../../src/queue/redis/places.ts'

test('a place is a class and whole gigabytes, and comes apart again', () => {
  expect(placeOf({}, 'default')).toBe('default')
  expect(placeOf({ class: 'gpu-80g' }, 'default')).toBe('gpu-80g')
  expect(placeOf({ gpuMemory: 39.2e9 }, 'default')).toBe('default+40GB')
  expect(placeOf({ class: 'a', gpuMemory: 1 }, 'default')).toBe('a+1GB')
  expect(partsOf('gpu-80g')).toEqual({ class: 'gpu-80g', gigabytes: 0 })
  expect(partsOf('default+40GB')).toEqual({ class: 'default', gigabytes: 40 })
})

test('a card of so many gigabytes serves those that ask for as many', () => {
  // As nvidia-smi lists them, in MiB: RTX 4090, A100 40 GB, H100 80 GB, H200.
  for (const [mebibytes, gigabytes] of [
    [24_564, 24],
    [40_960, 40],
    [81_559, 80],
    [143_771, 141],
  ] as const) {
    const worker = { classes: ['default'], gpuMemory: mebibytes * 2 ** 20 }
    expect(serves(worker, placeOf({ gpuMemory: gigabytes * 1e9 }, 'default'))).toBe(true)
    expect(serves(worker, placeOf({ gpuMemory: gigabytes * 1.1e9 }, 'default'))).toBe(false)
  }
  expect(serves({ classes: ['a'], gpuMemory: 0 }, 'a')).toBe(true)
  expect(serves({ classes: ['a'], gpuMemory: 1e12 }, 'b+1GB')).toBe(false)
})

test('of a class those who ask for most come first', () => {
  expect(inOrder(['b', 'a'], ['a', 'a+9GB', 'b', 'a+10GB', 'b+1GB', 'a'])).toEqual([
    'b+1GB',
    'b',
    'a+10GB',
    'a+9GB',
    'a',
  ])
})
