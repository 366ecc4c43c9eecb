import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Engine } from '../../study/engine.ts'
import { loadOperations } from '../operations.ts'
import { processor } from '../processor.ts'
import { tfjsEngine } from '../tfjs-engine.ts'
import { guardMemory } from './guard-memory.ts'
import { registerKernels } from './kernels.ts'

/** WebAssembly with XNNPACK: one thread, everything from npm; the default where there is no native TensorFlow. */
export function wasmEngine(): Engine {
  let listeners: Listeners
  return tfjsEngine({
    name: 'wasm',
    backend: 'wasm',
    device: () => `${processor()}, WebAssembly, one thread`,
    deviceKind: () => 'processor',
    async open() {
      const tf = await loadOperations()
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
      const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
      setWasmPaths(join(dirname(main), '/'))
      listeners = errorListeners()
      return tf
    },
    async started(tf) {
      dropListenersSince(listeners)
      guardMemory(tf)
      await registerKernels(tf)
    },
  })
}

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const
type Listeners = readonly (readonly unknown[])[]

function errorListeners(): Listeners {
  return EVENTS.map((event) => process.rawListeners(event))
}

/**
 * Emscripten's start-up code adds listeners for uncaught errors that throw them again: Node then blames a line of minified
 * code, and a listener of the program's own is no longer the one that decides.
 */
function dropListenersSince(before: Listeners): void {
  EVENTS.forEach((event, i) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[i]?.includes(listener) && isCallback(listener)) process.off(event, listener)
    }
  })
}

function isCallback(value: unknown): value is (...args: unknown[]) => void {
  return typeof value === 'function'
}
