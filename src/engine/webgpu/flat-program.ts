import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'

const WORKGROUP = 128

/** WGSL that runs once for each of a number of indices. */
export interface FlatProgram {
  /** No two programs have the same. */
  readonly key: string
  /** Names of the input tensors: in the code each is an array, and has its shape in `uniforms.nameShape`. */
  readonly inputs: readonly string[]
  /** What to do for one `index: i32`; the output is the array `result`, its shape `uniforms.outShape`. */
  readonly code: string
  /** Functions that the code calls. */
  readonly declare?: string
  /** Whether the numbers of `result`, which are integers then, are `atomic`. */
  readonly atomic?: boolean
}

interface Call {
  /** The inputs, as many as the program names. */
  readonly tensors: readonly TensorInfo[]
  /** Of the output. */
  readonly shape: readonly number[]
  readonly dtype: DataType
  /** How many indices. Default: one for each number of the output. */
  readonly count?: number
  /** A tensor that is to be the output; default: a new one. */
  readonly output?: TensorInfo
}

/** Runs a program among the operations of the back end, which adds what it declares for its own: `isnan`, the uniforms. */
export function runFlat(backend: WebGPUBackend, program: FlatProgram, call: Call): TensorInfo {
  const { key, inputs, code, declare = '', atomic = false } = program
  const { tensors, shape, dtype, output } = call
  const { count = sizeOf(shape) } = call
  const own = {
    shaderKey: `dynotune/${key}`,
    variableNames: [...inputs],
    uniforms: 'count: i32,',
    atomic,
    outputShape: [...shape],
    workgroupSize: [WORKGROUP, 1, 1] satisfies [number, number, number],
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(count / WORKGROUP), 1, 1] satisfies [number, number, number],
    getUserCode: () => `
      ${declare}
      fn main(index: i32) {
        if (index < uniforms.count) {
          ${code}
        }
      }
    `,
  }
  return backend.runWebGPUProgram(own, [...tensors], dtype, [{ type: 'int32', data: [count] }], output)
}
