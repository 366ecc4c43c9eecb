import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { type Averaging, scheduleFree } from './schedule-free.ts'
import type { Transformation } from './transformation.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

/** Weight decay: default 0. */
export interface ScheduleFreeSgdConfig extends Averaging, WeightDecay {
  /** Constant, or warming up. */
  readonly learningRate: number | Schedule
}

/** Schedule-free gradient descent: `scheduleFree` with u = -lr (g + λ y). */
export function scheduleFreeSgd(config: ScheduleFreeSgdConfig): Transformation {
  const { learningRate, weightDecay = 0, decayMask } = config
  return scheduleFree(chain(addDecayedWeights(weightDecay, decayMask), scaleByLearningRate(learningRate)), config)
}
