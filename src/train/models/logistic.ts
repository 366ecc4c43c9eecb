import { linear } from './linear.ts'
import type { Model } from './model.ts'

/**
 * Logistic regression of two classes: the log-odds of the second, [rows, 1], linear in `features` [rows, …]. Of more classes:
 * `linear({ inputs, classes })`.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function logistic({ inputs }: { readonly inputs: number }): Model {
  return linear({ inputs, outputs: 1 })
}
