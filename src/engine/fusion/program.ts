import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Expression, Operation } from './expression.ts'

/** What a value of a program is: an input tensor, a number given with each call, or an earlier line. */
export type Reference =
  | { readonly from: 'input'; readonly index: number }
  | { readonly from: 'number'; readonly index: number }
  | { readonly from: 'line'; readonly index: number }

/** Elementwise arithmetic over tensors of one size: what kernels are compiled from. */
export interface Program {
  /** Programs with the same key do the same. */
  readonly key: string
  /** Of each input tensor, whether it is a single value that serves all elements. */
  readonly scalars: readonly boolean[]
  readonly numbers: number
  /** In order: a line refers to earlier ones only. */
  readonly lines: readonly { readonly operation: Operation; readonly operands: readonly Reference[] }[]
  /** Lines that are results, each a tensor of its own. */
  readonly outputs: readonly number[]
}

/** A program with what it is to be called on. */
export interface Call {
  readonly program: Program
  readonly inputs: readonly Tensor[]
  readonly numbers: readonly number[]
  /** Of the outputs, and of all inputs that are not scalars. */
  readonly shape: readonly number[]
}

/**
 * The program that computes some expressions of one shape.
 * @param known the tensors of expressions that have been computed already; those of leaves are known anyway
 */
export function programOf(outputs: readonly Expression[], known: ReadonlyMap<Expression, Tensor>): Call {
  const inputs = new Map<Tensor, number>()
  const numbers: number[] = []
  const lines: Program['lines'][number][] = []
  const seen = new Map<Expression, Reference>()
  const shape = outputs[0]?.shape ?? []
  const keys: string[] = []

  function refer(expression: Expression): Reference {
    const before = seen.get(expression)
    if (before) return before
    const reference = visit(expression)
    seen.set(expression, reference)
    return reference
  }

  function visit(expression: Expression): Reference {
    const { node } = expression
    const tensor = node.kind === 'tensor' ? node.tensor : known.get(expression)
    if (tensor) {
      const index = inputs.get(tensor) ?? inputs.size
      inputs.set(tensor, index)
      return { from: 'input', index }
    }
    if (node.kind === 'fill') return { from: 'number', index: numbers.push(node.value) - 1 }
    if (node.kind !== 'apply') throw new DynotuneError('internal', `A ${node.kind} was to be known before.`)
    const operands = node.operands.map(refer)
    keys.push(`${node.operation}(${operands.map(({ from, index }) => `${from[0]}${index}`).join()})`)
    return { from: 'line', index: lines.push({ operation: node.operation, operands }) - 1 }
  }

  const results = outputs.map((output) => refer(output).index)
  const scalars = [...inputs.keys()].map((tensor) => tensor.rank === 0 && shape.length > 0)
  const key = `${keys.join(';')}>${results.join()}|${scalars.map((scalar) => (scalar ? 's' : 'x')).join('')}`
  return {
    program: { key, scalars, numbers: numbers.length, lines, outputs: results },
    inputs: [...inputs.keys()],
    numbers,
    shape,
  }
}
