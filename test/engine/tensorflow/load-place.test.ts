import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { loadOperations } from '../../../src/engine/operations.ts'
import { loadPlace } from '../../../src/engine/tensorflow/load-place.ts'
import type { Place } from '../../../src/engine/tensorflow/places.ts'
import { temporaryFolder } from '../../helpers/folder.ts'

const tf = await loadOperations()

beforeEach(() => {
  if (tf.findBackendFactory('tensorflow')) tf.removeBackend('tensorflow')
  globalThis.seen = {}
})

declare global {
  var seen: Record<string, unknown>
}

/** A build of tfjs-node by hand: scripts that do what those of the package do, and an addon in JavaScript. */
function makePlace(backend: string): Place {
  const root = temporaryFolder()
  const [scripts, addon] = [join(root, 'dist'), join(root, 'binding.js')]
  mkdirSync(join(scripts, 'proto'), { recursive: true })
  writeFileSync(
    addon,
    `const util = require('util')
    seen.util = [util.isNullOrUndefined(null), util.isArray([])]
    seen.environment = [process.env.TF_CPP_MIN_LOG_LEVEL, process.env.TF_FORCE_GPU_ALLOW_GROWTH]
    exports.TF_Version = '2.0.0'`,
  )
  writeFileSync(join(scripts, 'register_all_kernels.js'), "seen.core = require('@tensorflow/tfjs-core')")
  writeFileSync(join(scripts, 'proto/api_pb.js'), "require('google-protobuf')")
  writeFileSync(
    join(scripts, 'nodejs_kernel_backend.js'),
    `const tf = require('@tensorflow/tfjs')
    seen.union = tf
    require('./proto/api_pb')
    ${backend}`,
  )
  return { kind: 'package', name: 'by hand', scripts, addon }
}

const BACKEND = `exports.NodeJSKernelBackend = class extends tf.KernelBackend {
  constructor(binding) { super(); this.binding = binding }
  dispose() {}
}`

test('what tfjs-node takes from the union and from the core is the core that all engines share', async () => {
  expect(await loadPlace(makePlace(BACKEND))).toBe(tf)
  expect(globalThis.seen.union).toBe(globalThis.seen.core)
  expect(Reflect.get(Object(globalThis.seen.union), 'Tensor')).toBe(tf.Tensor)
  expect(tf.findBackend('tensorflow')).toMatchObject({ binding: { TF_Version: '2.0.0' } })
})

test('functions that tfjs-node needs and Node has dropped are there before it loads, and so are the variables', async () => {
  const before = { ...process.env }
  delete process.env.TF_CPP_MIN_LOG_LEVEL
  process.env.TF_FORCE_GPU_ALLOW_GROWTH = 'false'
  await loadPlace(makePlace(BACKEND))
  expect(globalThis.seen).toMatchObject({ util: [true, true], environment: ['2', 'false'] })
  process.env = before
})

test('a second load leaves the back end that runs as it is', async () => {
  await loadPlace(makePlace(BACKEND))
  const backend = tf.findBackend('tensorflow')
  await loadPlace(makePlace('throw new Error("loaded again")'))
  expect(tf.findBackend('tensorflow')).toBe(backend)
})

test('scripts that are not those of tfjs-node, or for another copy of TensorFlow.js, are refused', async () => {
  await expect(loadPlace(makePlace(''))).rejects.toThrow('no back end')
  await expect(loadPlace(makePlace('exports.NodeJSKernelBackend = class {}'))).rejects.toThrow('another copy')
  expect(tf.findBackendFactory('tensorflow')).toBeNull()
})
