import { add, type Expression, mul } from '../../../engine/fusion/expression.ts'

/** a ← d a + (1-d) x, with the decay d in [0, 1). */
export function movingAverage(average: Expression, x: Expression, decay: number): Expression {
  return add(mul(average, decay), mul(x, 1 - decay))
}
