import type { Tf } from '../../../study/engine.ts'
import { add, mul } from '../../fusion/expression.ts'
import { locate } from './locate.ts'
import { addScaled, type NativeStep } from './native-step.ts'

/** p ← p + r v, or p + r (μ v + g), with v ← μ v + g: gradient descent with momentum; g + λ p for g where it decays. */
export function momentumStep(tf: Tf, isNesterov: boolean, isDecayed: boolean): NativeStep {
  const { key, place, inOrder } = locate(tf, ([p, v, g]) => {
    const gradient = isDecayed ? add(g, mul(p, 4)) : g
    const velocity = add(mul(v, 1), gradient)
    return [add(p, mul(isNesterov ? add(mul(velocity, 3), gradient) : velocity, 2)), velocity]
  })
  const [p, v, g] = place
  return {
    key,
    call(numbers) {
      const [momentum = 0, rate = 0, ahead = 0, decay = 0] = inOrder(numbers)
      if (isNesterov && momentum !== ahead) return undefined
      const rest = [-rate, { input: g }, momentum]
      return {
        variables: [p, v],
        operations: [
          { name: 'ResourceApplyMomentum', targets: [0, 1], rest, flags: { use_nesterov: isNesterov } },
          ...(isDecayed ? [addScaled(0, rate * decay * (1 + ahead), p), addScaled(1, decay, p)] : []),
        ],
      }
    },
  }
}
