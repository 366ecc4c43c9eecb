import type { Tf } from '../../../study/engine.ts'
import { add, div, mul, sqrt, square } from '../../fusion/expression.ts'
import { isComplement, locate } from './locate.ts'
import type { NativeOperation, NativeStep } from './native-step.ts'

/** p ← p + r g / (√s + ε), or r g / √(s + ε), with s ← ρ s + (1-ρ) g²: RMSProp. */
export function rmsStep(tf: Tf, epsilonInside: boolean): NativeStep {
  const { key, place, inOrder } = locate(tf, ([p, s, g]) => {
    const squares = add(mul(s, 1), mul(square(g), 2))
    const root = epsilonInside ? sqrt(add(squares, 3)) : add(sqrt(squares), 3)
    return [add(p, mul(div(g, root), 4)), squares]
  })
  const [p, s, g] = place
  return {
    key,
    call(numbers) {
      const [decay = 0, rest = 0, epsilon = 0, rate = 0] = inOrder(numbers)
      if (!isComplement(decay, rest)) return undefined
      // TensorFlow's RMSProp has ε within the root, and a momentum. Outside it is Adam whose mean is the gradient itself.
      const operation: NativeOperation = epsilonInside
        ? { name: 'ResourceApplyRMSProp', targets: [0, 1, 2], rest: [-rate, decay, 0, epsilon, { input: g }] }
        : { name: 'ResourceApplyAdam', targets: [0, 2, 1], rest: [0, 0, -rate, 0, decay, epsilon, { input: g }] }
      return { variables: [p, s, g], operations: [operation] }
    },
  }
}
