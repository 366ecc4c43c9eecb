import { expect, test } from 'vitest'
import { advise, type Findings } from '../../../src/cli/doctor/advice.ts'
import type { EngineDescription } from '../../../src/engine/describe.ts'

const found = (name: EngineDescription['name'], deviceKind: EngineDescription['deviceKind'] = 'processor') =>
  ({ name, status: 'found', deviceKind: deviceKind ?? 'processor' }) as const
const missing = (name: EngineDescription['name']) =>
  ({ name, status: 'missing', detail: 'It is not installed.' }) as const
const broken = (name: EngineDescription['name'], remedy?: string) =>
  ({ name, status: 'broken', detail: 'It does not load.', ...(remedy !== undefined && { remedy }) }) as const
const PLAIN = [found('wasm'), found('cpu')]
const GPU = 'npx dynotune engine install tensorflow --gpu'
const CPU = 'npx dynotune engine install tensorflow --cpu'

test.each<[string, Partial<Findings>, string | undefined, RegExp]>([
  [
    'nothing works',
    { engines: [missing('tensorflow'), missing('webgpu'), broken('wasm'), broken('cpu')] },
    'npm ci',
    /No engine/,
  ],
  ['no GPU, no tensorflow', { engines: [missing('tensorflow'), missing('webgpu'), ...PLAIN] }, CPU, /processor/],
  ['no GPU, webgpu broken', { engines: [missing('tensorflow'), broken('webgpu'), ...PLAIN] }, CPU, /processor/],
  [
    'no GPU, webgpu in software',
    { engines: [missing('tensorflow'), found('webgpu', 'software'), ...PLAIN] },
    CPU,
    /processor/,
  ],
  [
    'no GPU, tensorflow',
    { engines: [found('tensorflow'), missing('webgpu'), ...PLAIN] },
    undefined,
    /^There is nothing/,
  ],
  [
    'NVIDIA and nothing that uses it',
    { gpu: 'nvidia', engines: [missing('tensorflow'), missing('webgpu'), ...PLAIN] },
    GPU,
    /NVIDIA/,
  ],
  [
    'NVIDIA and webgpu on it',
    { gpu: 'nvidia', engines: [missing('tensorflow'), found('webgpu', 'gpu'), ...PLAIN] },
    GPU,
    /NVIDIA/,
  ],
  [
    'NVIDIA and tensorflow beside it',
    { gpu: 'nvidia', engines: [found('tensorflow'), missing('webgpu'), ...PLAIN] },
    GPU,
    /though/,
  ],
  [
    'NVIDIA and tensorflow on it',
    { gpu: 'nvidia', engines: [found('tensorflow', 'gpu'), broken('webgpu'), ...PLAIN] },
    undefined,
    /^There is nothing/,
  ],
  [
    'another GPU and webgpu on it',
    { gpu: 'some', engines: [missing('tensorflow'), found('webgpu', 'gpu'), ...PLAIN] },
    undefined,
    /^There is nothing/,
  ],
  [
    'another GPU and webgpu with a remedy',
    {
      gpu: 'some',
      engines: [
        missing('tensorflow'),
        broken('webgpu', 'install the driver: `apt install mesa-vulkan-drivers`'),
        ...PLAIN,
      ],
    },
    'apt install mesa-vulkan-drivers',
    /signs of a GPU, but webgpu cannot use one\.$/,
  ],
  [
    'another GPU and webgpu without one',
    { gpu: 'some', engines: [found('tensorflow'), broken('webgpu'), ...PLAIN] },
    undefined,
    /signs of a GPU, but webgpu cannot use one\.$/,
  ],
  [
    'another GPU seen in software only',
    { gpu: 'some', engines: [missing('tensorflow'), found('webgpu', 'software'), ...PLAIN] },
    CPU,
    /signs of a GPU.*all cores of this processor/,
  ],
  [
    'NVIDIA on a processor for which there is no TensorFlow with CUDA',
    {
      gpu: 'nvidia',
      installs: ['cpu'],
      engines: [{ ...missing('webgpu'), remedy: 'install it (`apt install libvulkan1`), or use wasm' }, ...PLAIN],
    },
    'apt install libvulkan1',
    /signs of a GPU/,
  ],
  [
    'tensorflow broken in two steps, with another way',
    {
      engines: [
        broken(
          'tensorflow',
          '`npm install-scripts approve x` and then `npm rebuild x`; or build it with `dynotune engine install tensorflow`',
        ),
        ...PLAIN,
      ],
    },
    'npm install-scripts approve x && npm rebuild x',
    /installed but does not work/,
  ],
  [
    'tensorflow broken as installed by dynotune',
    {
      engines: [
        broken('tensorflow', 'build it again with `dynotune engine install tensorflow`, or use the engine "wasm"'),
        ...PLAIN,
      ],
    },
    'npx dynotune engine install tensorflow',
    /installed but does not work/,
  ],
  [
    'tensorflow crashing',
    { gpu: 'nvidia', engines: [broken('tensorflow'), ...PLAIN] },
    GPU,
    /installed but does not work/,
  ],
  [
    'tensorflow crashing on a strange machine',
    { installs: [], engines: [broken('tensorflow'), ...PLAIN] },
    undefined,
    /installed but does not work/,
  ],
  [
    'a strange machine',
    { installs: [], gpu: 'nvidia', engines: [missing('tensorflow'), found('webgpu', 'gpu'), ...PLAIN] },
    undefined,
    /^There is nothing/,
  ],
])('%s', (_name, findings, command, why) => {
  const advice = advise({ engines: PLAIN, gpu: 'none', installs: ['cpu', 'gpu'], ...findings })
  expect(advice.command).toBe(command)
  expect(advice.why).toMatch(why)
})
