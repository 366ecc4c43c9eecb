import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'

/** What is used of tfjs-node's back end: operations of TensorFlow by name. */
export interface NodeBackend extends KernelBackend {
  readonly binding: Binding
  readonly tensorMap: { get(dataId: object): { id: number } }
  getInputTensorIds(tensors: readonly TensorInfo[]): number[]
  createOutputTensor(output: Output): Tensor
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly TensorInfo[]): Tensor
}

interface Binding {
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_SHAPE: number
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_INT: number
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Output[]
  createTensor(shape: readonly number[], type: number, values: Float32Array): number
  deleteTensor(id: number): void
}

export interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: number | string | boolean | readonly number[]
}

export interface Output {
  readonly id: number
  readonly shape: number[]
  readonly dtype: number
}

/** @throws DynotuneError `internal` when it is laid out otherwise than that of tfjs-node 4.22 */
export function nodeBackend(tf: Tf): NodeBackend {
  const backend = tf.findBackend('tensorflow')
  if (isNodeBackend(backend)) return backend
  throw new DynotuneError('internal', 'The back end is not that of tfjs-node 4.22.')
}

function isNodeBackend(backend: KernelBackend | null): backend is NodeBackend {
  const used = ['binding', 'tensorMap', 'getInputTensorIds', 'createOutputTensor', 'executeSingleOutput']
  return backend !== null && used.every((name) => name in backend)
}
