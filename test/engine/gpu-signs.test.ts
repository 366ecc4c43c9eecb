import { expect, test } from 'vitest'
import { type GpuSigns, gpuSigns } from '../../src/engine/gpu-signs.ts'

const machine = (platform: NodeJS.Platform, folders: Record<string, string[]> = {}) => ({
  platform,
  list: (folder: string) => folders[folder] ?? [],
})

test.each<[string, GpuSigns, ReturnType<typeof machine>]>([
  ['a server without GPU', 'none', machine('linux', { '/dev': ['null', 'tty', 'nvram'] })],
  ['a display without a driver that draws', 'none', machine('linux', { '/dev': ['dri'], '/dev/dri': ['card0'] })],
  [
    'a GPU with a driver that draws',
    'some',
    machine('linux', { '/dev': ['dri'], '/dev/dri': ['card0', 'renderD128'] }),
  ],
  ['an NVIDIA GPU', 'nvidia', machine('linux', { '/dev': ['nvidia0', 'nvidiactl', 'nvidia-uvm'] })],
  ['the third of several, given to a container', 'nvidia', machine('linux', { '/dev': ['nvidia2'] })],
  ['an NVIDIA driver whose devices are made later', 'nvidia', machine('linux', { '/proc/driver/nvidia': ['version'] })],
  ['Windows underneath', 'some', machine('linux', { '/dev': ['dxg'] })],
  ['AMD compute', 'some', machine('linux', { '/dev': ['kfd'] })],
  ['macOS', 'some', machine('darwin')],
  ['Windows', 'some', machine('win32')],
])('%s: %s', (_name, signs, where) => {
  expect(gpuSigns(where)).toBe(signs)
})

test('this machine can be looked at', () => {
  expect(['nvidia', 'some', 'none']).toContain(gpuSigns())
})
