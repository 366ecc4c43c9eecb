import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { scaleByRms } from './rmsprop.ts'
import { scheduleFree } from './schedule-free.ts'
import type { ScheduleFreeSgdConfig } from './schedule-free-sgd.ts'
import type { Transformation } from './transformation.ts'
import { addDecayedWeights } from './transformations/weight-decay.ts'

export interface ScheduleFreeAdamWConfig extends ScheduleFreeSgdConfig {
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number
  /** Added to the root, at least 0. Default 1e-8. */
  readonly epsilon?: number
}

/** Schedule-free AdamW: `scheduleFree` with u = -lr (g / (√ŝ + ε) + λ y). Weight decay: default 0. */
export function scheduleFreeAdamW(config: ScheduleFreeAdamWConfig): Transformation {
  const { learningRate, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, decayMask } = config
  const inner = chain(
    scaleByRms({ decay: beta2, epsilon, corrected: true }),
    addDecayedWeights(weightDecay, decayMask),
    scaleByLearningRate(learningRate),
  )
  return scheduleFree(inner, config)
}
