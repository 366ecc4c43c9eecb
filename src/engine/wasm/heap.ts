import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'

/**
 * The memory of the wasm back end, where its tensors lie, for kernels of our own that work on it. Whatever takes memory
 * throws DynotuneError `engine.memory` when there is none left.
 */
export interface Heap {
  readonly memory: WebAssembly.Memory
  /** Where a tensor's values begin, in bytes. */
  address(tensor: TensorInfo): number
  /** A new tensor, its values undefined. */
  output(shape: readonly number[], dtype?: DataType): TensorInfo
  /** A new tensor of float32 zeros. */
  zeros(shape: readonly number[]): TensorInfo
  /** The same values as a tensor of its own, without a copy. Default: the same shape. */
  share(tensor: TensorInfo, shape?: readonly number[]): TensorInfo
  /** Whether no other tensor shares these values. */
  isUnshared(tensor: TensorInfo): boolean
  /**
   * A new tensor, its values undefined, in the memory of one of the same size that nobody reads any more and that nobody
   * shares. A tensor of its own, not another name for that one: XNNPACK keeps packed copies of weights by tensor.
   */
  takeOver(tensor: TensorInfo, shape: readonly number[]): TensorInfo
  /** Gives back a tensor that no one else holds. */
  dispose(tensor: TensorInfo): void
  /** Memory that is never given back. */
  allocate(bytes: number): number
  /** Memory for as long as `use` runs. */
  borrow<T>(bytes: number, use: (address: number) => T): T
}

interface WasmBackend extends KernelBackend {
  readonly wasm: object
  getMemoryOffset(dataId: object): number
  readonly dataIdMap: { get(dataId: object): { memoryOffset: number } }
  makeOutput(shape: number[], dtype: DataType, memoryOffset?: number): TensorInfo
}

/**
 * Of a back end that `guardMemory` has been called for.
 * @throws DynotuneError `internal` when the back end is not the wasm one of tfjs 4.22
 */
export function wasmHeap(tf: Tf): Heap {
  const backend = tf.findBackend('wasm')
  if (!isWasmBackend(backend)) throw unexpected()
  const exports: unknown = Reflect.get(backend.wasm, 'asm')
  const memory: unknown = typeof exports === 'object' && exports !== null ? Reflect.get(exports, 'memory') : undefined
  // With its guard, which throws when there is no memory left.
  const [malloc, free] = ['_malloc', '_free'].map((name): unknown => Reflect.get(backend.wasm, name))
  if (!(memory instanceof WebAssembly.Memory) || !isFunction(malloc) || !isFunction(free)) throw unexpected()
  const allocate = (bytes: number) => Number(malloc(bytes)) >>> 0

  return {
    memory,
    address: ({ dataId }) => backend.getMemoryOffset(dataId),
    output: (shape, dtype = 'float32') => backend.makeOutput([...shape], dtype),
    zeros(shape) {
      const tensor = backend.makeOutput([...shape], 'float32')
      const bytes = shape.reduce((size, length) => size * length, Float32Array.BYTES_PER_ELEMENT)
      new Uint8Array(memory.buffer, backend.getMemoryOffset(tensor.dataId), bytes).fill(0)
      return tensor
    },
    share({ dataId, dtype, shape: own }, shape = own) {
      backend.incRef(dataId)
      return { dataId, dtype, shape: [...shape] }
    },
    isUnshared: ({ dataId }) => backend.refCount(dataId) === 1,
    takeOver({ dataId, dtype }, shape) {
      const data = backend.dataIdMap.get(dataId)
      const taken = backend.makeOutput([...shape], dtype, data.memoryOffset)
      // What is disposed there frees nothing.
      data.memoryOffset = 0
      return taken
    },
    dispose: ({ dataId }) => void backend.disposeData(dataId),
    allocate,
    borrow(bytes, use) {
      const address = allocate(bytes)
      try {
        return use(address)
      } finally {
        free(address)
      }
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

function isFunction(value: unknown): value is (argument: number) => unknown {
  return typeof value === 'function'
}

function unexpected(): DynotuneError {
  return new DynotuneError('internal', 'The wasm back end is not laid out as that of TensorFlow.js 4.22.')
}
