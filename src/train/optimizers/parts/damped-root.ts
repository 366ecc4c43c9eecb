import { add, type Expression, sqrt } from '../../../engine/fusion/expression.ts'

export interface Damping {
  /** ε, at least 0. */
  readonly epsilon: number
  /** √(x + ε) as Keras and TensorFlow have it, instead of √x + ε as PyTorch has it. */
  readonly epsilonInside: boolean
}

/** A root to divide by. */
export function dampedRoot(x: Expression, { epsilon, epsilonInside }: Damping): Expression {
  return epsilonInside ? sqrt(add(x, epsilon)) : add(sqrt(x), epsilon)
}
