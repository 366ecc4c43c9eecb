import { expect, test } from 'vitest'
import { findGpus, parseDevices } from '../../../src/cli/doctor/gpus.ts'

test('devices are read from the lines of nvidia-smi; what else it prints is left out', () => {
  const printed =
    'NVIDIA H200, 143771, 570.86.15\nTesla V100-SXM2-16GB, 16160, 535.183.01\r\nNVIDIA GB10, [N/A], 580.95\n\n'
  expect(parseDevices(printed)).toEqual([
    { name: 'NVIDIA H200', memory: 143_771 * 2 ** 20, driver: '570.86.15' },
    { name: 'Tesla V100-SXM2-16GB', memory: 16_160 * 2 ** 20, driver: '535.183.01' },
  ])
  expect(parseDevices('NVIDIA-SMI has failed because it could not communicate with the driver.')).toEqual([])
})

test('this machine can be asked', async () => {
  const { signs, devices } = await findGpus()
  if (signs !== 'nvidia') expect(devices).toEqual([])
})
