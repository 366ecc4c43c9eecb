import { DynotuneError } from '../../../errors.ts'
import { checkCount, checkOneOf } from '../check.ts'
import type { ClickData } from './data.ts'

/**
 * Throws DynotuneError `model.invalid` on the first hyperparameter or size of the data that is wrong, with the path to it.
 * What has `choices` is one of them; anything else is a positive whole number.
 * @param config the hyperparameters besides lists and what belongs to dense layers, those left out at their defaults
 */
export function validate(
  model: string,
  config: Readonly<Record<string, unknown>>,
  { features = 0, fields = 0, vocabulary = 0 }: ClickData,
  choices: Readonly<Record<string, readonly unknown[]>> = {},
): void {
  for (const [name, value] of Object.entries(config)) {
    const [path, options] = [`${model}.${name}`, choices[name]]
    if (options) checkOneOf(path, value, options)
    else checkCount(path, value)
  }
  for (const [name, value] of Object.entries({ features, fields, vocabulary })) {
    if (!(Number.isInteger(value) && value >= 0)) {
      const message = `The number of ${name} is a whole number, not negative.`
      throw new DynotuneError('model.invalid', message, { path: `data.${name}`, value })
    }
  }
  if (features + fields === 0) {
    throw new DynotuneError('model.invalid', 'There is nothing to predict from: neither features nor fields.', {
      path: 'data',
      remedy: 'say how many numeric features or fields of ids a row has',
    })
  }
  if (vocabulary < fields) {
    throw new DynotuneError('model.invalid', `There are ${fields} fields, and fewer ids than that.`, {
      path: 'data.vocabulary',
      value: vocabulary,
      remedy: 'count the ids of all fields together: each field has ids of its own',
    })
  }
}

/** The number of pairs of vectors. Throws DynotuneError `model.invalid` where there is none. */
export function pairsOf(model: string, vectors: number): number {
  if (vectors > 1) return (vectors * (vectors - 1)) / 2
  throw new DynotuneError('model.invalid', `${model} multiplies vectors pair by pair, and there is one alone.`, {
    path: 'data',
    value: vectors,
    remedy: 'give the data another field, or take another model',
  })
}

/** Throws DynotuneError `model.invalid` unless this is a list of positive whole numbers, of `least` or more. */
export function checkWidths(path: string, value: unknown, least = 0): void {
  if (!Array.isArray(value) || value.length < least) {
    throw new DynotuneError('model.invalid', `${path} is not a list with a number for each layer.`, { path, value })
  }
  for (const [layer, width] of value.entries()) checkCount(`${path}.${layer}`, width)
}
