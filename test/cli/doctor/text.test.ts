import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Examination } from '../../../src/cli/doctor/examination.ts'
import { examinationText } from '../../../src/cli/doctor/text.ts'

const text = (examination: Examination) => stripVTControlCharacters(examinationText(examination))

const SAMPLE: Examination = {
  dynotune: '0.1.0',
  node: { version: '24.21.0', required: '22.18', isEnough: true },
  sqlite: '3.50.4',
  redis: { installed: '7.0.15', server: { address: 'localhost:6379', answers: true, version: '7.2.0' } },
  system: 'linux 6.1.0',
  cpu: 'Some Processor @ 2.60GHz',
  cores: 8,
  memory: { total: 16 * 2 ** 30, free: 12.5 * 2 ** 30 },
  gpu: { signs: 'nvidia', devices: [{ name: 'NVIDIA H200', memory: 140 * 2 ** 30, driver: '570.86.15' }] },
  engines: [
    { name: 'tensorflow', status: 'missing', detail: 'It is not installed.', remedy: 'install it with `this command`' },
    {
      name: 'webgpu',
      status: 'found',
      device: 'NVIDIA H200, Vulkan',
      deviceKind: 'gpu',
      version: '4.22.0',
      memory: 140 * 2 ** 30,
      measured: {
        products: { size: 4096, gflops: 12_345.6 },
        training: { stepsPerSecond: 456.78, examplesPerSecond: 58_467.84 },
      },
    },
    {
      name: 'wasm',
      status: 'found',
      device: 'Some Processor @ 2.60GHz, WebAssembly, one thread',
      deviceKind: 'processor',
      version: '4.22.0',
      memory: 2 ** 32,
      measured: {
        products: { size: 1024, gflops: 50 },
        training: { stepsPerSecond: 9.994, examplesPerSecond: 1279.2 },
      },
    },
    {
      name: 'cpu',
      status: 'broken',
      detail: 'Its process died of SIGSEGV while loading, after these words:\nlast words',
    },
  ],
  auto: 'webgpu',
  advice: { command: 'npx dynotune engine install tensorflow --gpu', why: 'There is an NVIDIA GPU.' },
}

test('everything that was found is there, each in its place', () => {
  expect(text(SAMPLE)).toBe(`dynotune 0.1.0

Node     24.21.0; 22.18 or newer is needed
SQLite   3.50.4
Redis    localhost:6379 answers, version 7.2.0; redis-server 7.0.15 is installed
system   linux 6.1.0, 8 × Some Processor @ 2.60GHz
memory   12.5 GiB of 16.0 GiB free
GPU      NVIDIA H200, 140.0 GiB, driver 570.86.15

engine      status   GFLOP/s  steps/s  examples/s     memory
tensorflow  missing
webgpu      found     12,300      457      58,500  140.0 GiB  ← auto
wasm        found       50.0     9.99       1,280    4.0 GiB
cpu         broken

tensorflow  It is not installed.
            Try: install it with \`this command\`.
webgpu      NVIDIA H200, Vulkan; TensorFlow.js 4.22.0
wasm        Some Processor @ 2.60GHz, WebAssembly, one thread; TensorFlow.js
            4.22.0
cpu         Its process died of SIGSEGV while loading, after these words:
            last words

GFLOP/s: products of square float32 matrices, of size 4096 for webgpu, 1024 for
wasm. Steps: training a dense network 784-512-512-10 with Adam, 128 examples a
step.

There is an NVIDIA GPU.

  npx dynotune engine install tensorflow --gpu`)
})

test('without figures there are no columns for them, and without a command only the reason', () => {
  const engines = SAMPLE.engines.map(({ measured: _, ...engine }) => engine)
  const shown = text({ ...SAMPLE, engines, advice: { why: 'There is nothing.' } })
  expect(shown).toMatch(/^engine +status +memory$/m)
  expect(shown).not.toMatch(/GFLOP|steps/)
  expect(shown).toMatch(/\n\nThere is nothing\.$/)
})

test.each<[string, Partial<Examination>, RegExp]>([
  [
    'a Node that is too old',
    { node: { version: '20.1.0', required: '22.18', isEnough: false } },
    /^Node +20\.1\.0; too old: 22\.18 or newer is needed$/m,
  ],
  ['no Redis at all', { redis: {} }, /^Redis +not installed here; REDIS_URL is not set$/m],
  [
    'a Redis that does not answer',
    { redis: { server: { address: 'far:1', answers: false, detail: 'no answer within 1 s' } } },
    /^Redis +far:1 does not answer: no answer within 1 s; not installed here$/m,
  ],
  [
    'a GPU whose driver has no tool',
    { gpu: { signs: 'nvidia', devices: [{ name: 'Tesla P4' }, { name: 'Tesla T4' }] } },
    /^GPU +Tesla P4\n +Tesla T4$/m,
  ],
  ['no GPU', { gpu: { signs: 'none', devices: [] } }, /^GPU +none seen$/m],
  ['a driver without its tool', { gpu: { signs: 'nvidia', devices: [] } }, /^GPU +NVIDIA, by its driver$/m],
])('says %s', (_name, change, pattern) => {
  expect(text({ ...SAMPLE, ...change })).toMatch(pattern)
})

test('fits into 80 columns whatever the machine is called', () => {
  const words = fc
    .array(fc.stringMatching(/^[a-z0-9@()]{1,30}$/), { minLength: 1, maxLength: 20 })
    .map((all) => all.join(' '))
  fc.assert(
    fc.property(words, words, words, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (cpu, device, detail, rate) => {
      const engines: Examination['engines'] = SAMPLE.engines.map((engine) => ({
        ...engine,
        ...(engine.status === 'found' ? { device } : { detail }),
        ...(engine.measured && {
          measured: {
            products: { size: 512, gflops: rate },
            training: { stepsPerSecond: rate, examplesPerSecond: 128 * rate },
          },
        }),
      }))
      for (const line of text({ ...SAMPLE, cpu, engines }).split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    }),
  )
})
