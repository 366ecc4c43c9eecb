import { div, type Expression, max, mul, zerosLike } from '../../engine/fusion/expression.ts'
import { sizeOf } from '../../numerics/size-of.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkRange } from './parts/check.ts'
import { type FactoredRmsConfig, scaleByFactoredRms } from './parts/matrix-factored-rms.ts'
import { movingAverage } from './parts/moving-average.ts'
import { norm } from './parts/norm.ts'
import { perParameter } from './parts/per-parameter.ts'
import { stepwise } from './parts/stepwise.ts'
import type { Transformation } from './transformation.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

export interface AdafactorConfig extends FactoredRmsConfig, WeightDecay {
  /** In proportion to the size of a parameter. Default `relativeStep()`. */
  readonly learningRate?: number | Schedule
  /** Largest root mean square of an update, above 0; ∞ for none. Default 1. */
  readonly clip?: number
  /** Multiplies steps by max(1e-3, the root mean square of the parameter). Default true. */
  readonly scaleByParameter?: boolean
  /** Of a moving mean of updates, in [0, 1), which takes the memory that Adafactor saves. Default 0: none. */
  readonly momentum?: number
}

/**
 * Adafactor, Shazeer and Stern, ICML 2018, algorithms 4 and 5: Adam without a mean, its squares kept as a mean of each row
 * and one of each column; with decoupled weight decay. Agrees with `optax.adafactor`.
 *
 * Of an embedding table a step sees some rows: means of columns and root mean squares are of those.
 * @throws DynotuneError `optimizer.invalid`
 */
export function adafactor(config: AdafactorConfig = {}): Transformation {
  const { learningRate = relativeStep(), clip = 1, scaleByParameter = true, momentum = 0, ...more } = config
  const { weightDecay = 0, decayMask, ...moments } = more
  checkRange('adafactor.momentum', momentum, '[0, 1)')
  return chain(
    scaleByFactoredRms(moments),
    ...(clip < Number.POSITIVE_INFINITY ? [clipByRms(clip)] : []),
    ...(scaleByParameter ? [scaleByParameterRms()] : []),
    ...(momentum > 0 ? [meanOfUpdates(momentum)] : []),
    addDecayedWeights(weightDecay, decayMask),
    scaleByLearningRate(learningRate),
  )
}

/** min(largest, 1/√t) at step t from 1: Shazeer and Stern, section 8. */
export function relativeStep(largest = 1e-2): Schedule {
  checkRange('relativeStep.largest', largest, '(0, ∞)')
  return (step) => Math.min(largest, 1 / Math.sqrt(step + 1))
}

function rms(x: Expression): Expression {
  const size = sizeOf(x.shape)
  return mul(norm(x), 1 / Math.sqrt(Math.max(1, size)))
}

/** u = g / max(1, rms(g) / limit), tensor by tensor. */
function clipByRms(limit: number): Transformation {
  checkRange('adafactor.clip', limit, '(0, ∞)')
  return stepwise((gradients) => gradients.map((g) => mul(g, div(limit, max(limit, rms(g))))))
}

/** u = g max(1e-3, rms(w)). */
function scaleByParameterRms(): Transformation {
  return stepwise((gradients, _step, params) => gradients.map((g, i) => mul(g, max(1e-3, rms(params[i]?.value ?? g)))))
}

function meanOfUpdates(decay: number): Transformation {
  return perParameter({
    init: ({ value }) => zerosLike(value),
    update(gradient, before) {
      const mean = movingAverage(before, gradient, decay)
      return { update: mean, state: mean }
    },
  })
}
