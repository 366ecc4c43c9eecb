import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isNeeded, packagesOf } from '../../../bench/engines/pack-packages.ts'

const ROOT = resolve(import.meta.dirname, '../../..')

test('what the benchmark loads is packed, with what that loads, and nothing else', () => {
  const packages = packagesOf(ROOT, ['bench/engines.ts', 'bench/engines/row.ts'])
  expect(packages).toEqual(
    expect.arrayContaining([
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-core',
      'long',
      'seedrandom',
      'webgpu',
      'zod',
    ]),
  )
  expect(packages.filter((name) => /vega|yargs|types|node-gpu/.test(name))).toEqual([])
})

describe('of a package', () => {
  test.each([
    'index.js',
    'dist/linux-x64/dawn.node',
    'dist/tf-backend-wasm.node.js',
    'dist/tfjs-backend-wasm-simd.wasm',
    'dist/gradients/Abs_grad.js',
    'v4/locales/index.js',
  ])('%s is packed', (path) => expect(isNeeded(path)).toBe(true))

  test.each([
    'dist/win32-x64/dawn.node',
    'dist/tf-core.fesm.min.js',
    'dist/tf-core.js',
    'dist/index.d.ts',
    'index.d.cts',
    'dist/tf-core.node.js.map',
    'dist/engine_test.js',
    'README.md',
  ])('%s is not', (path) => expect(isNeeded(path)).toBe(false))
})
