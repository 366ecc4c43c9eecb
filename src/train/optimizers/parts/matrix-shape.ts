import { compute, type Expression } from '../../../engine/fusion/expression.ts'
import { sizeOf } from '../../../numerics/size-of.ts'
import type { ParameterInfo } from '../../parameter.ts'

/** Kernels of two axes or more. Not tables, of whose rows a step sees a part. */
export const isMatrix = ({ role, shape }: ParameterInfo): boolean => role === 'kernel' && shape.length > 1

/** [inputs, outputs]: of a kernel with more axes, all but the last flattened. */
export type MatrixShape = readonly [inputs: number, outputs: number]

export function matrixShape(shape: readonly number[]): MatrixShape {
  return [sizeOf(shape.slice(0, -1)), shape.at(-1) ?? 1]
}

/** The same elements in another shape. */
export function reshape(x: Expression, shape: readonly number[]): Expression {
  const isSame = shape.length === x.shape.length && shape.every((length, axis) => length === x.shape[axis])
  return isSame ? x : compute(shape, [x], (tf, tensor) => tf.reshape(tensor, [...shape]))
}
