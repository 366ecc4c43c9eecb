import type { KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import type { Heap } from './heap.ts'
import type { Compile } from './wat.ts'

/** What the kernels of this folder are made from. */
export interface KernelContext {
  readonly tf: Tf
  readonly heap: Heap
  readonly compile: Compile
  /** A function of the module that holds the fixed kernels. */
  native(name: string): (...args: number[]) => void
  /** Working memory of `gemm`, which every kernel may use between two calls of it as well. */
  readonly scratch: number
  /** Runs another kernel of the back end, as it is registered now. Throws unless it returns one tensor. */
  run(kernel: string, inputs: NamedTensorInfoMap, attrs?: NamedAttrMap): TensorInfo
  /** The kernel that the back end came with, for what one of ours leaves to it. */
  stock(kernel: string): KernelFunc
}

/** An input of a kernel that the operation before it always gives. */
export function input(inputs: NamedTensorInfoMap, name: string): TensorInfo {
  const found = inputs[name]
  if (!found) throw new DynotuneError('internal', `A kernel was called without its input ${name}.`)
  return found
}

/** The inputs of a kernel that takes a list of them. */
export function inputList(inputs: NamedTensorInfoMap): TensorInfo[] {
  return Object.values(inputs).filter((tensor) => tensor !== undefined)
}
