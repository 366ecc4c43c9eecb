import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nvidiaGpus, selectGpu } from '../../../src/engine/tensorflow/gpu.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { temporaryFolder } from '../../helpers/folder.ts'

const TWO = ['NVIDIA H200', 'NVIDIA T400']

test("the driver's list is read in the order of the bus; without a driver there is none", () => {
  const folder = temporaryFolder()
  for (const [place, model] of [
    ['0000:af:00.0', 'NVIDIA T400'],
    ['0000:3b:00.0', 'NVIDIA H200'],
  ] as const) {
    mkdirSync(join(folder, place))
    writeFileSync(join(folder, place, 'information'), `Model: \t\t ${model}\nIRQ:   \t\t 16\n`)
  }
  expect(nvidiaGpus(folder)).toEqual(TWO)
  expect(nvidiaGpus(join(folder, 'nowhere'))).toEqual([])
})

test('of several GPUs the first is the only one to be seen, unless another is asked for', () => {
  const variables = (index: string) => ({ CUDA_VISIBLE_DEVICES: index, CUDA_DEVICE_ORDER: 'PCI_BUS_ID' })
  expect(selectGpu(undefined, {}, TWO)).toEqual({ variables: variables('0'), model: 'NVIDIA H200' })
  expect(selectGpu(1, {}, TWO)).toEqual({ variables: variables('1'), model: 'NVIDIA T400' })
})

test("the user's choice is narrowed, and its order left; a model is named only where it is sure", () => {
  const env = { CUDA_VISIBLE_DEVICES: '3, 1' }
  expect(selectGpu(1, env, ['A', 'B', 'C', 'D'])).toEqual({ variables: { CUDA_VISIBLE_DEVICES: '1' } })
  expect(selectGpu(0, env, ['A', 'A', 'A', 'A'])).toEqual({ variables: { CUDA_VISIBLE_DEVICES: '3' }, model: 'A' })
  expect(selectGpu(0, { ...env, CUDA_DEVICE_ORDER: 'PCI_BUS_ID' }, ['A', 'B', 'C', 'D']).model).toBe('D')
  expect(selectGpu(0, { CUDA_VISIBLE_DEVICES: 'GPU-1f2e' }, TWO)).toEqual({
    variables: { CUDA_VISIBLE_DEVICES: 'GPU-1f2e' },
  })
})

test.each(['', '-1'])('a user who hides all GPUs with %j keeps them hidden', (hidden) => {
  expect(selectGpu(1, { CUDA_VISIBLE_DEVICES: hidden }, TWO)).toEqual({ variables: {} })
})

test('where the driver lists none, nothing is set unless a device is asked for', () => {
  expect(selectGpu(undefined, {}, [])).toEqual({ variables: {} })
  expect(selectGpu(2, {}, []).variables.CUDA_VISIBLE_DEVICES).toBe('2')
})

test('a GPU that is not there is an error that says how many there are', () => {
  expect(thrownBy(() => selectGpu(2, {}, TWO))).toMatchObject({
    code: 'engine.device',
    path: 'engine',
    value: 2,
    remedy: 'there are 2, 0 to 1',
  })
  expect(thrownBy(() => selectGpu(1, { CUDA_VISIBLE_DEVICES: '0' }, TWO)).remedy).toBe('there is one, 0')
})
