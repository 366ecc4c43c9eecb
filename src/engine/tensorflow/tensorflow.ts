import util from 'node:util'
import { DynotuneError } from '../../errors.ts'
import type { Engine, Tf } from '../../study/engine.ts'
import { findPackage, importFile } from '../packages.ts'
import { processor } from '../processor.ts'
import { tfjsEngine } from '../tfjs-engine.ts'

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/** How packages are found and loaded; tests put their own in. */
export interface Packages {
  /** The main file of a package, or undefined when it is not installed. */
  find(name: string): string | undefined
  load(path: string): Promise<unknown>
}

/**
 * TensorFlow's C library through `tfjs-node-gpu`, or else `tfjs-node`. Loads the library to find out whether it works.
 * @throws DynotuneError `engine.missing` when neither is installed, `engine.broken` when none of those installed loads
 */
export async function tensorflowEngine(packages: Packages = { find: findPackage, load: importFile }): Promise<Engine> {
  const tf = await loadTensorflow(packages)
  return tfjsEngine({
    name: 'tensorflow',
    backend: 'tensorflow',
    device: () => (isOnGpu(tf) ? 'GPU, TensorFlow' : `${processor()}, TensorFlow`),
    deviceKind: () => (isOnGpu(tf) ? 'gpu' : 'processor'),
    open: async () => tf,
  })
}

async function loadTensorflow(packages: Packages): Promise<Tf> {
  let failure: { name: string; cause: unknown } | undefined
  for (const name of PACKAGES) {
    const path = packages.find(name)
    if (path === undefined) continue
    prepare()
    try {
      const module = await packages.load(path)
      if (isTf(module)) return module
      failure ??= { name, cause: new Error(`${path} does not export the operations of TensorFlow.js.`) }
    } catch (cause) {
      failure ??= { name, cause }
    }
  }
  if (!failure) {
    throw new DynotuneError('engine.missing', 'The engine "tensorflow" is not installed.', {
      path: 'engine',
      value: 'tensorflow',
      remedy: `install it with \`npm install ${PACKAGES[0]}\`, which downloads TensorFlow, or use the engine "wasm"`,
    })
  }
  const { name, cause } = failure
  throw new DynotuneError('engine.broken', `The engine "tensorflow" is installed as ${name} but does not load.`, {
    path: 'engine',
    value: 'tensorflow',
    remedy: `build its native part with \`npm rebuild ${name}\`, or use the engine "wasm"`,
    cause,
  })
}

/** What must be so before tfjs-node is loaded. */
function prepare(): void {
  // tfjs-node 4.22 calls two functions that newer Nodes warn about or no longer have.
  const gone = { isNullOrUndefined: (x: unknown) => x === null || x === undefined, isArray: Array.isArray }
  for (const [name, value] of Object.entries(gone)) {
    Object.defineProperty(util, name, { value, configurable: true, writable: true })
  }
  // TensorFlow greets on standard error; 2 leaves errors. What the user has set stands.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
}

function isTf(module: unknown): module is Tf {
  return (
    typeof module === 'object' &&
    module !== null &&
    ['tensor', 'tidy', 'setBackend', 'matMul'].every((name) => typeof Reflect.get(module, name) === 'function')
  )
}

function isOnGpu(tf: Tf): boolean {
  return Reflect.get(tf.findBackend('tensorflow') ?? {}, 'isUsingGpuDevice') === true
}
