import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { describeEngine, usableMemory, WASM_LIMIT } from '../../src/engine/describe.ts'
import { DynotuneError } from '../../src/errors.ts'

test.each(['wasm', 'cpu'] as const)('%s is found, with device, version and memory', async (name) => {
  expect(await describeEngine(name)).toEqual({
    name,
    status: 'found',
    device: expect.stringMatching(/./),
    deviceKind: 'processor',
    version: expect.stringMatching(/^4\./),
    memory: name === 'wasm' ? Math.min(WASM_LIMIT, usableMemory()) : usableMemory(),
  })
})

test('what is not installed is missing, with the remedy', async () => {
  const error = new DynotuneError('engine.missing', 'It is not there.', { remedy: 'install it' })
  expect(await describeEngine('webgpu', () => Promise.reject(error))).toEqual({
    name: 'webgpu',
    status: 'missing',
    detail: 'It is not there.',
    remedy: 'install it',
  })
})

test('what fails in any other way is broken, with the first line of the cause', async () => {
  const cause = new Error('libcuda.so.1: cannot open\n    at Module.load')
  const error = new DynotuneError('engine.broken', 'It does not load.', { remedy: 'mend it', cause })
  expect(await describeEngine('tensorflow', () => Promise.reject(error))).toMatchObject({
    status: 'broken',
    detail: 'It does not load. libcuda.so.1: cannot open',
    remedy: 'mend it',
  })
  const unexpected = new TypeError('x is not a function')
  expect(await describeEngine('tensorflow', () => Promise.reject(unexpected))).toEqual({
    name: 'tensorflow',
    status: 'broken',
    detail: 'x is not a function',
  })
})

test("the memory limit of wasm is the one that the back end's file declares", () => {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  const bytes = readFileSync(join(folder, 'tfjs-backend-wasm-simd.wasm'))
  expect(memoryPages(bytes) * 65_536).toBe(WASM_LIMIT)
})

/** The most pages of a module's own memory; https://webassembly.github.io/spec/core/binary/modules.html#memory-section */
function memoryPages(bytes: Uint8Array): number {
  let at = 8
  const number = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0
      value += (byte % 128) * factor
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const [section, size] = [number(), number()]
    if (section === 5) {
      const [count, flags, least] = [number(), number(), number()]
      return count === 1 && flags % 2 === 1 ? number() : least
    }
    at += size
  }
  return Number.NaN
}
