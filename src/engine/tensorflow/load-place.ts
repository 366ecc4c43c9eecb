import { existsSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import util from 'node:util'
import type { Tf } from '../../study/engine.ts'
import { loadOperations } from '../operations.ts'
import type { Place } from './places.ts'

const require = createRequire(import.meta.url)

/**
 * Loads a build of tfjs-node and registers it as the back end `tensorflow`.
 *
 * Only its kernels and its back end are loaded: what they take from the `@tensorflow/tfjs` union they get from the core
 * package that all engines share. So the union (300 MB) need not be there, and tensors are of one class.
 * @throws whatever loading the addon throws
 */
export async function loadPlace({ scripts, addon, programs }: Place): Promise<Tf> {
  const tf = await loadOperations()
  if (tf.findBackendFactory('tensorflow')) return tf
  restoreUtil()
  prepareTensorflow()
  const binding: unknown = require(addon)
  // Into the TensorFlow that the addon has brought.
  if (programs !== undefined && existsSync(programs)) require(programs)
  const { NodeJSKernelBackend } = loadScripts(scripts)
  if (typeof NodeJSKernelBackend !== 'function') throw new Error(`${scripts} has no back end of TensorFlow.js.`)
  const backend: unknown = Reflect.construct(NodeJSKernelBackend, [binding, '@tensorflow/tfjs-node'])
  if (!(backend instanceof tf.KernelBackend)) throw new Error(`${scripts} is for another copy of TensorFlow.js.`)
  tf.registerBackend('tensorflow', () => backend)
  return tf
}

function loadScripts(folder: string): { readonly NodeJSKernelBackend?: unknown } {
  const core = pathToFileURL(require.resolve('@tensorflow/tfjs-core')).href
  const home = pathToFileURL(join(folder, '/')).href
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const isUnion = /^@tensorflow\/tfjs(-core)?$/.test(specifier) && context.parentURL?.startsWith(home)
      return isUnion ? { url: core, format: 'commonjs', shortCircuit: true } : next(specifier, context)
    },
    load(url, context, next) {
      // Messages for TensorBoard, which would need protobuf.
      const isUnused = url.startsWith(home) && url.endsWith('/proto/api_pb.js')
      return isUnused ? { format: 'commonjs', source: '', shortCircuit: true } : next(url, context)
    },
  })
  try {
    require(join(folder, 'register_all_kernels.js'))
    return require(join(folder, 'nodejs_kernel_backend.js'))
  } finally {
    hooks.deregister()
  }
}

/** Puts back two functions that tfjs-node 4.22 calls and that newer Nodes warn about or no longer have. */
function restoreUtil(): void {
  const gone = { isNullOrUndefined: (x: unknown) => x === null || x === undefined, isArray: Array.isArray }
  for (const [name, value] of Object.entries(gone)) {
    Object.defineProperty(util, name, { value, configurable: true, writable: true })
  }
}

/** What the user has set stands. */
function prepareTensorflow(): void {
  // It greets on standard error; 2 leaves errors.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  // Otherwise it takes all memory of a GPU at once, and a second trainer finds none.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
}
