import type { Tf } from '../../../study/engine.ts'
import { add, div, mul, sqrt, square } from '../../fusion/expression.ts'
import { locate } from './locate.ts'
import type { NativeStep } from './native-step.ts'

/** p ← p + r g / (√a + ε) with a ← a + g²: AdaGrad. */
export function adagradStep(tf: Tf): NativeStep {
  const { key, place, inOrder } = locate(tf, ([p, a, g]) => {
    const squares = add(a, square(g))
    return [add(p, mul(div(g, add(sqrt(squares), 1)), 2)), squares]
  })
  const [p, a, g] = place
  return {
    key,
    call(numbers) {
      const [epsilon = 0, rate = 0] = inOrder(numbers)
      const rest = [-rate, epsilon, { input: g }]
      return { variables: [p, a], operations: [{ name: 'ResourceApplyAdagradV2', targets: [0, 1], rest }] }
    },
  }
}
