import type { Tf } from '../../../study/engine.ts'
import { add, div, max, min, mul, sqrt, square, sub } from '../../fusion/expression.ts'
import { locate } from './locate.ts'
import type { NativeStep } from './native-step.ts'

/**
 * z ← z + g - (√n - √n₋) p / α with n ← n + g², and p ← (clip(z, ±λ₁) - z) / ((√n + β) / α + λ₂): FTRL-Proximal, at
 * steps that have the rate of the step before.
 */
export function ftrlStep(tf: Tf): NativeStep {
  const { key, place, inOrder } = locate(tf, ([p, z, n, g]) => {
    const squares = add(n, square(g))
    const root = sqrt(squares)
    const growth = add(sub(mul(root, 1), mul(sqrt(n), 2)), 3)
    const next = sub(add(z, g), mul(growth, p))
    const pull = sub(max(min(next, 4), 5), next)
    const leader = div(pull, add(mul(add(root, 6), 7), 8))
    return [add(p, sub(leader, p)), next, squares]
  })
  const [p, z, n, g] = place
  return {
    key,
    call(numbers) {
      const [perRate = 0, before, shift, l1 = 0, minusL1 = 0, beta = 0, now, l2 = 0] = inOrder(numbers)
      if (perRate !== before || perRate !== now || shift !== 0 || minusL1 !== -l1) return undefined
      // Its λ₂ counts twice; before the power of n, -½ as here, is a further λ₂ of online learning.
      const rest = [{ input: g }, 1 / perRate, l1, (l2 + beta * perRate) / 2, 0, -0.5]
      return { variables: [p, z, n], operations: [{ name: 'ResourceApplyFtrlV2', targets: [0, 2, 1], rest }] }
    },
  }
}
