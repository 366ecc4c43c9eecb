import type { Tf } from '../../../study/engine.ts'
import { add, div, mul, sqrt, square } from '../../fusion/expression.ts'
import { isComplement, locate } from './locate.ts'
import type { NativeStep } from './native-step.ts'

/** p ← p + r u with s ← ρ s + (1-ρ) g², u = √(d + ε) / √(s + ε) g, d ← ρ d + (1-ρ) u²: AdaDelta. */
export function adadeltaStep(tf: Tf): NativeStep {
  const { key, place, inOrder } = locate(tf, ([p, s, d, g]) => {
    const squares = add(mul(s, 1), mul(square(g), 2))
    const update = mul(div(sqrt(add(d, 3)), sqrt(add(squares, 4))), g)
    return [add(p, mul(update, 7)), squares, add(mul(d, 5), mul(square(update), 6))]
  })
  const [p, s, d, g] = place
  return {
    key,
    call(numbers) {
      const [decay = 0, rest = 0, epsilon, otherEpsilon, otherDecay, otherRest, rate = 0] = inOrder(numbers)
      if (!isComplement(decay, rest) || epsilon === undefined || epsilon !== otherEpsilon) return undefined
      if (decay !== otherDecay || rest !== otherRest) return undefined
      const inputs = [-rate, decay, epsilon, { input: g }]
      return {
        variables: [p, s, d],
        operations: [{ name: 'ResourceApplyAdadelta', targets: [0, 1, 2], rest: inputs }],
      }
    },
  }
}
