import type { TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'

/** Bytes of a float32 or an int32. */
export const WORD = 4

/** How many values lie from one place of each axis to the next, row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
}

/** Whether values are floats or integers of 4 bytes each, which is all that most kernels here move or compute. */
export function isWord({ dtype }: Pick<TensorInfo, 'dtype'>): boolean {
  return dtype === 'float32' || dtype === 'int32'
}

/** An axis counted from the front, as from the end where it is negative. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}
