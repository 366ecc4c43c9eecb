import { type Expression, mul } from '../../engine/fusion/expression.ts'
import type { Transformation } from '../optimizers/transformation.ts'

/** The optimizer with its updates times a factor, which is asked for at each step. */
export function scaleUpdates(optimizer: Transformation, factor: () => number): Transformation {
  return {
    ...optimizer,
    update(gradients, state, params) {
      const result = optimizer.update(gradients, state, params)
      const by = factor()
      return { ...result, updates: result.updates.map((update) => times(update, by)) }
    },
  }
}

/** Multiplies a number that is in the expression already, where there is one: the program stays the same, and as fast. */
function times(update: Expression, by: number): Expression {
  const { node } = update
  const [first, second] = node.kind === 'apply' && node.operation === 'mul' ? node.operands : []
  return first && second?.node.kind === 'fill' ? mul(first, second.node.value * by) : mul(update, by)
}
