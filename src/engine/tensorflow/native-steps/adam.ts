import type { Tf } from '../../../study/engine.ts'
import { add, div, type Expression, max, mul, sqrt, square } from '../../fusion/expression.ts'
import { isComplement, locate } from './locate.ts'
import { addScaled, type NativeStep } from './native-step.ts'

/** m ← β₁ m + (1-β₁) g and s ← β₂ s + (1-β₂) g². */
function moments(m: Expression, s: Expression, g: Expression) {
  return [add(mul(m, 1), mul(g, 2)), add(mul(s, 3), mul(square(g), 4))] as const
}

const areMoments = ([b1 = 0, c1 = 0, b2 = 0, c2 = 0]: readonly number[]) => isComplement(b1, c1) && isComplement(b2, c2)

/** p ← p + r (f m / (√s + ε) + λ p): Adam, its corrections in f and ε, or AdamW. */
export function adamStep(tf: Tf, isDecayed: boolean): NativeStep {
  const { key, place, inOrder } = locate(tf, ([p, m, s, g]) => {
    const [mean, squares] = moments(m, s, g)
    const update = div(mul(mean, 5), add(sqrt(squares), 6))
    return [add(p, mul(isDecayed ? add(update, mul(p, 8)) : update, 7)), mean, squares]
  })
  const [p, m, s, g] = place
  return {
    key,
    call(numbers) {
      const values = inOrder(numbers)
      const [b1 = 0, , b2 = 0, , factor = 0, epsilon = 0, rate = 0, decay = 0] = values
      if (!areMoments(values)) return undefined
      // The powers of the betas are given as zero: their correction is in the factor and epsilon already.
      const rest = [0, 0, -rate * factor, b1, b2, epsilon, { input: g }]
      return {
        variables: [p, m, s],
        operations: [
          { name: 'ResourceApplyAdam', targets: [0, 1, 2], rest },
          ...(isDecayed ? [addScaled(0, rate * decay, p)] : []),
        ],
      }
    },
  }
}

/** p ← p + r ((a g + b m) / (√s + ε) + λ p): NAdam and NAdamW, a step along m and then one along g. */
export function nadamStep(tf: Tf, isDecayed: boolean): NativeStep {
  const { key, place, inOrder } = locate(tf, ([p, m, s, g]) => {
    const [mean, squares] = moments(m, s, g)
    const update = div(add(mul(g, 5), mul(mean, 6)), add(sqrt(squares), 7))
    return [add(p, mul(isDecayed ? add(update, mul(p, 9)) : update, 8)), mean, squares]
  })
  const [p, m, s, g] = place
  return {
    key,
    call(numbers) {
      const values = inOrder(numbers)
      const [b1 = 0, , b2 = 0, , ofGradient = 0, ofMean = 0, epsilon = 0, rate = 0, decay = 0] = values
      if (!areMoments(values)) return undefined
      const input = { input: g }
      return {
        variables: [p, m, s],
        operations: [
          { name: 'ResourceApplyAdam', targets: [0, 1, 2], rest: [0, 0, -rate * ofMean, b1, b2, epsilon, input] },
          {
            name: 'ResourceApplyAdagradV2',
            targets: [0, 2],
            rest: [-rate * ofGradient, epsilon, input],
            flags: { update_slots: false },
          },
          ...(isDecayed ? [addScaled(0, rate * decay, p)] : []),
        ],
      }
    },
  }
}

/** p ← p + r f m / (√l + ε) with l ← max(l, s): AMSGrad. */
export function amsgradStep(tf: Tf): NativeStep {
  const { key, place, inOrder } = locate(tf, ([p, m, s, l, g]) => {
    const [mean, squares] = moments(m, s, g)
    const largest = max(l, squares)
    return [add(p, mul(div(mul(mean, 5), add(sqrt(largest), 6)), 7)), mean, squares, largest]
  })
  const [p, m, s, l, g] = place
  return {
    key,
    call(numbers) {
      const values = inOrder(numbers)
      const [b1 = 0, , b2 = 0, , factor = 0, epsilon = 0, rate = 0] = values
      if (!areMoments(values)) return undefined
      const rest = [0, 0, -rate * factor, b1, b2, epsilon, { input: g }]
      return {
        variables: [p, m, s, l],
        operations: [{ name: 'ResourceApplyAdamWithAmsgrad', targets: [0, 1, 2, 3], rest }],
      }
    },
  }
}
