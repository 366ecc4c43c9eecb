import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'

/** The memory of the wasm back end, where its tensors lie, for kernels of our own that work on it. */
export interface Heap {
  readonly memory: WebAssembly.Memory
  /** Where a tensor's values begin, in bytes. */
  address(tensor: TensorInfo): number
  /** A new tensor, its values undefined. */
  output(shape: readonly number[], dtype?: DataType): TensorInfo
  /** Gives back a tensor that no one else holds. */
  dispose(tensor: TensorInfo): void
  /** Memory that is never given back. */
  allocate(bytes: number): number
}

interface WasmBackend extends KernelBackend {
  readonly wasm: object
  getMemoryOffset(dataId: object): number
  makeOutput(shape: number[], dtype: DataType): TensorInfo
}

/** @throws DynotuneError `internal` when the back end is not the wasm one of tfjs 4.22 */
export function wasmHeap(tf: Tf): Heap {
  const backend = tf.findBackend('wasm')
  if (!isWasmBackend(backend)) throw unexpected()
  const exports: unknown = Reflect.get(backend.wasm, 'asm')
  const malloc: unknown = Reflect.get(backend.wasm, '_malloc')
  const memory: unknown = typeof exports === 'object' && exports !== null ? Reflect.get(exports, 'memory') : undefined
  if (!(memory instanceof WebAssembly.Memory) || typeof malloc !== 'function') throw unexpected()
  return {
    memory,
    address: ({ dataId }) => backend.getMemoryOffset(dataId),
    output: (shape, dtype = 'float32') => backend.makeOutput([...shape], dtype),
    dispose: ({ dataId }) => void backend.disposeData(dataId),
    allocate(bytes) {
      const address: unknown = malloc(bytes)
      if (typeof address === 'number' && address !== 0) return address
      throw new DynotuneError('engine.memory', 'The wasm engine has no memory left.', {
        value: bytes,
        remedy: 'take a smaller batch or model, or an engine without its limit of 4 GB',
      })
    },
  }
}

function isWasmBackend(backend: KernelBackend | null): backend is WasmBackend {
  return (
    backend !== null &&
    'wasm' in backend &&
    typeof backend.wasm === 'object' &&
    ['getMemoryOffset', 'makeOutput'].every((name) => typeof Reflect.get(backend, name) === 'function')
  )
}

function unexpected(): DynotuneError {
  return new DynotuneError('internal', 'The wasm back end is not laid out as that of TensorFlow.js 4.22.')
}
