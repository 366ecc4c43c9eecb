import type { Tf } from '../../../study/engine.ts'
import { type Expression, leaf } from '../../fusion/expression.ts'
import { programOf } from '../../fusion/program.ts'

type Five<T> = readonly [T, T, T, T, T]

export interface Located {
  readonly key: string
  /** Of each leaf, its place among the program's inputs. */
  readonly place: Five<number>
  /** The program's numbers in the formula's order, 0 for those that it has not. */
  inOrder(numbers: readonly number[]): number[]
}

/** The program of a formula that has its leaves in order, and 1, 2, … once each in the places of its numbers. */
export function locate(tf: Tf, formula: (leaves: Five<Expression>) => Expression[]): Located {
  const tensors = [tf.zeros([1]), tf.zeros([1]), tf.zeros([1]), tf.zeros([1]), tf.zeros([1])] as const
  const [p, q, r, s, t] = tensors
  const leaves: Five<Expression> = [leaf(p), leaf(q), leaf(r), leaf(s), leaf(t)]
  const known = new Map(leaves.map((each, i) => [each, tensors[i] ?? p]))
  const { program, inputs, numbers } = programOf(formula(leaves), known)
  const at = Array.from({ length: Math.max(0, ...numbers) }, (_, i) => numbers.indexOf(i + 1))
  tf.dispose([...tensors])
  return {
    key: program.key,
    place: [inputs.indexOf(p), inputs.indexOf(q), inputs.indexOf(r), inputs.indexOf(s), inputs.indexOf(t)],
    inOrder: (given) => at.map((i) => given[i] ?? 0),
  }
}

/** Whether two numbers can be the weights of a moving average. */
export function isComplement(decay: number, rest: number): boolean {
  return Math.abs(1 - decay - rest) < 1e-12
}
