import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'

/**
 * A tensor to be: float32 arithmetic that is written down now and computed by `realize`, all of it that is elementwise in
 * one pass over memory. Made for optimizers, whose time is the time of those passes.
 *
 * Operands have one shape, or are scalars: numbers, or tensors of shape []. Numbers may change from step to step without
 * anything being compiled anew. There are no gradients through expressions.
 */
export class Expression {
  readonly shape: readonly number[]
  readonly node: Node

  constructor(shape: readonly number[], node: Node) {
    this.shape = shape
    this.node = node
  }
}

export type Node =
  | { readonly kind: 'tensor'; readonly tensor: Tensor }
  | { readonly kind: 'fill'; readonly value: number }
  | { readonly kind: 'apply'; readonly operation: Operation; readonly operands: readonly Expression[] }
  | { readonly kind: 'sum'; readonly operand: Expression }
  | { readonly kind: 'compute'; readonly inputs: readonly Expression[]; run(tf: Tf, ...inputs: Tensor[]): Tensor }

export type Operation = (typeof OPERATIONS)[number]
/** `greater` is 1 where it holds and 0 elsewhere; `select` takes its second operand where the first is not 0. */
export const OPERATIONS = ['add', 'sub', 'mul', 'div', 'max', 'min', 'greater', 'neg', 'abs', 'sqrt', 'select'] as const

export type Operand = Expression | number

/** A tensor as it is. Its shape counts, its type must be float32. */
export function leaf(tensor: Tensor): Expression {
  if (tensor.dtype === 'float32') return new Expression(tensor.shape, { kind: 'tensor', tensor })
  throw new DynotuneError('model.invalid', 'Expressions are of float32 tensors.', {
    value: tensor.dtype,
    remedy: 'cast it: tf.cast(x, "float32")',
  })
}

/** One value everywhere. */
export function fill(shape: readonly number[], value: number): Expression {
  return new Expression(shape, { kind: 'fill', value })
}

export const zerosLike = ({ shape }: Expression): Expression => fill(shape, 0)

/**
 * Anything else that tf can do: the inputs are computed, then `run` is called with their tensors.
 * @param shape what `run` returns is of this shape
 */
export function compute(
  shape: readonly number[],
  inputs: readonly Expression[],
  run: (tf: Tf, ...inputs: Tensor[]) => Tensor,
): Expression {
  return new Expression(shape, { kind: 'compute', inputs, run })
}

export const add = (a: Operand, b: Operand): Expression => apply('add', a, b)
export const sub = (a: Operand, b: Operand): Expression => apply('sub', a, b)
export const mul = (a: Operand, b: Operand): Expression => apply('mul', a, b)
export const div = (a: Operand, b: Operand): Expression => apply('div', a, b)
export const max = (a: Operand, b: Operand): Expression => apply('max', a, b)
export const min = (a: Operand, b: Operand): Expression => apply('min', a, b)
export const neg = (x: Operand): Expression => apply('neg', x)
export const abs = (x: Operand): Expression => apply('abs', x)
export const sqrt = (x: Operand): Expression => apply('sqrt', x)
export const square = (x: Operand): Expression => apply('mul', x, x)
/** 1 where a > b, else 0. */
export const greater = (a: Operand, b: Operand): Expression => apply('greater', a, b)
/** 1, 0 or -1. */
export const sign = (x: Operand): Expression => sub(greater(x, 0), greater(0, x))
/** `a` where the condition is not 0, else `b`. */
export const select = (condition: Operand, a: Operand, b: Operand): Expression => apply('select', condition, a, b)
/** The sum of all elements, a scalar: on engines that can, in the pass over memory that computes them. */
export const sum = (operand: Expression): Expression => new Expression([], { kind: 'sum', operand })

function apply(operation: Operation, ...operands: readonly Operand[]): Expression {
  const expressions = operands.map((operand) => (typeof operand === 'number' ? fill([], operand) : operand))
  return new Expression(commonShape(expressions), { kind: 'apply', operation, operands: expressions })
}

function commonShape(expressions: readonly Expression[]): readonly number[] {
  let common: readonly number[] = []
  for (const { shape } of expressions) {
    if (shape.length === 0) continue
    if (common.length === 0) common = shape
    else if (shape.length !== common.length || shape.some((length, axis) => length !== common[axis])) {
      throw new DynotuneError('model.invalid', 'The operands of an expression have different shapes.', {
        value: [common, shape],
        remedy: 'use tensors of one shape, scalars, or compute(…) with the broadcast written out',
      })
    }
  }
  return common
}
