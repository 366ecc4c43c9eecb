import { mul } from '../../../engine/fusion/expression.ts'
import type { ParameterInfo } from '../../parameter.ts'
import type { Schedule } from '../../schedules/schedule.ts'
import { everyParameter, mapWhere } from '../parts/mask.ts'
import { stepwise } from '../parts/stepwise.ts'
import { valueAt } from '../parts/value-at.ts'
import type { Transformation } from '../transformation.ts'

/** u = c g, of either sign. */
export function scaleBy(factor: number | Schedule): Transformation<{ step: number }> {
  return stepwise((gradients, step) => gradients.map((g) => mul(g, valueAt(factor, step))))
}

/**
 * u = c g with c by parameter: after an optimizer, learning rates of its groups, such as a tenth for embeddings. With
 * other rules than a factor, `partition`.
 */
export function scaleByParameter(factorOf: (parameter: ParameterInfo) => number): Transformation<{ step: number }> {
  return stepwise((gradients, _step, params) =>
    mapWhere(everyParameter, gradients, params, (g, param) => mul(g, factorOf(param))),
  )
}
