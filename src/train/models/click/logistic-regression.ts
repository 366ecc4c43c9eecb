import type { Model } from '../model.ts'
import type { ClickData } from './data.ts'
import { firstOrder } from './first-order.ts'
import { validate } from './validate.ts'

/**
 * Logistic regression: w₀ + Σ wᵢ xᵢ, the baseline that knows no interactions.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function logisticRegression(data: ClickData): Model {
  validate('logisticRegression', {}, data)
  return firstOrder(data)
}
