import { add, type Expression } from '../../../engine/fusion/expression.ts'
import type { Schedule } from '../../schedules/schedule.ts'
import { checkRange } from '../parts/check.ts'
import { copy } from '../parts/copy.ts'
import { movingAverage } from '../parts/moving-average.ts'
import { valueAt } from '../parts/value-at.ts'
import { type Transformation, valuesOf, zip } from '../transformation.ts'

export type AverageState = { step: number; average: Expression[] }

/**
 * Evaluates an exponential moving average of the parameters, a ← d a + (1-d) w, which begins with theirs; they are
 * trained as without it. To be the last of a chain, so that it sees where the parameters go.
 * @param decay d in [0, 1), default 0.999; for fewer than some 1/(1-d) steps a schedule that grows, such as
 * min(d, (1 + step) / (10 + step))
 */
export function averageWeights(decay: number | Schedule = 0.999): Transformation<AverageState> {
  checkRange('averageWeights.decay', decay, '[0, 1)')
  return {
    init: (params) => ({ step: 0, average: valuesOf(params).map(copy) }),
    update(gradients, state, params) {
      const after = zip(valuesOf(params), gradients, add)
      const rate = valueAt(decay, state.step)
      const average = zip(state.average, after, (a, w) => movingAverage(a, w, rate))
      return { updates: [...gradients], state: { step: state.step + 1, average } }
    },
    averaged: ({ average }) => average.map(copy),
  }
}

/**
 * Evaluates the mean of the parameters after each step: Polyak and Juditsky, SIAM J. Control Optim. 30 (1992).
 * @param start steps before the first that counts, default 0
 */
export function polyakAverage(start = 0): Transformation<AverageState> {
  checkRange('polyakAverage.start', start, '[0, ∞)')
  return averageWeights((step) => Math.max(0, (step - start) / (step - start + 1)))
}
