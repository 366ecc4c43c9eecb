import { expect, test } from 'vitest'
import { isVisible, placesFor, slotMemory } from '../../src/cli/worker-command.ts'

const NOTHING = { slots: undefined, devices: undefined }

test('there is a slot for each GPU, or for two cores', () => {
  expect(placesFor(NOTHING, [0, 1, 2], 64)).toEqual({ slots: 3, devices: [0, 1, 2] })
  expect(placesFor(NOTHING, [], 9)).toEqual({ slots: 4 })
  expect(placesFor(NOTHING, [], 1)).toEqual({ slots: 1 })
})

test('what the user says goes before what is found', () => {
  expect(placesFor({ slots: 6, devices: undefined }, [0, 1], 64)).toEqual({ slots: 6, devices: [0, 1] })
  expect(placesFor({ slots: 6, devices: undefined }, [], 64)).toEqual({ slots: 6 })
  expect(placesFor({ slots: undefined, devices: [1] }, [0, 1], 64)).toEqual({ slots: 1, devices: [1] })
  expect(placesFor({ slots: 2, devices: [1] }, [], 64)).toEqual({ slots: 2, devices: [1] })
})

test.each([
  [undefined, [0, 1]],
  ['1', [0]],
  ['1,0', [0, 1]],
  ['GPU-4f1d', [0]],
  ['', []],
  ['-1', []],
])('of two GPUs, CUDA_VISIBLE_DEVICES %j leaves %j', (named, left) => {
  const names = ['H200', 'H200']
  const env = named === undefined ? {} : { CUDA_VISIBLE_DEVICES: named }
  expect([0, 1].filter((device) => isVisible(device, names, env))).toEqual(left)
})

test('a slot has its part of the memory of its GPU, of the smallest where they differ; unknown is none', () => {
  const [large, small] = [{ memory: 80e9 }, { memory: 24e9 }]
  expect(slotMemory({ slots: 2, devices: [0, 1] }, [large, large])).toBe(80e9)
  expect(slotMemory({ slots: 3, devices: [0, 1] }, [large, large])).toBe(40e9)
  expect(slotMemory({ slots: 2, devices: [0, 1] }, [large, small])).toBe(24e9)
  expect(slotMemory({ slots: 2 }, [])).toBe(0)
  expect(slotMemory({ slots: 1, devices: [0] }, [{}])).toBe(0)
})
