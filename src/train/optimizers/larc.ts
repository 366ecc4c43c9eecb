import { add, div, min, mul } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { checkRange } from './parts/check.ts'
import { everyParameter, isWeight, mapWhere } from './parts/mask.ts'
import { norm } from './parts/norm.ts'
import { stepwise } from './parts/stepwise.ts'
import { valueAt } from './parts/value-at.ts'
import { sgd } from './sgd.ts'
import type { Transformation } from './transformation.ts'
import { whereBoth } from './transformations/trust-ratio.ts'
import type { WeightDecay } from './transformations/weight-decay.ts'

interface LocalRate extends WeightDecay {
  readonly learningRate: number | Schedule
  /** Default 0.02. */
  readonly trustCoefficient?: number
  /** Added to the norm of the gradient, at least 0. Default 1e-8. */
  readonly epsilon?: number
  /** The smaller of local and global rate; false multiplies them, which is LARS. Default true. */
  readonly clip?: boolean
}

/** Weight decay: default 0. */
export interface LarcConfig extends LocalRate {
  /** In [0, 1). Default 0.9. */
  readonly momentum?: number | Schedule
}

/** LARC: gradient descent with momentum at local rates, no higher than the global one, after `apex.parallel.LARC`. */
export function larc({ momentum = 0.9, ...config }: LarcConfig): Transformation {
  return chain(scaleByLocalRate(config), sgd({ learningRate: config.learningRate, momentum }))
}

/**
 * local = trust |w| / (|g| + λ |w| + ε) for each tensor, the formula of You et al., arXiv 1708.03888;
 * u = min(local / lr, 1) (g + λ w), or local (g + λ w). The factor is 1 where |w| or |g| is 0.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByLocalRate(config: LocalRate): Transformation<{ step: number }> {
  const { learningRate, trustCoefficient = 0.02, epsilon = 1e-8, clip = true } = config
  const { weightDecay = 0, decayMask = isWeight } = config
  checkRange('larc.trustCoefficient', trustCoefficient, '(0, ∞)')
  checkRange('larc.epsilon', epsilon, '[0, ∞)')
  checkRange('larc.weightDecay', weightDecay, '[0, ∞)')
  return stepwise((gradients, step, params) => {
    const rate = valueAt(learningRate, step)
    return mapWhere(everyParameter, gradients, params, (g, param) => {
      const lambda = decayMask(param) ? valueAt(weightDecay, step) : 0
      const [weights, length] = [norm(param.value), norm(g)]
      const local = div(mul(weights, trustCoefficient), add(add(length, mul(weights, lambda)), epsilon))
      const factor = whereBoth(weights, length, clip ? min(div(local, rate), 1) : local)
      return mul(add(g, mul(param.value, lambda)), factor)
    })
  })
}
