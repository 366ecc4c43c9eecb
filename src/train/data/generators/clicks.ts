import { DynotuneError } from '../../../errors.ts'
import { createRandom, type Random } from '../../../numerics/random.ts'
import type { Generated, GeneratorOptions } from './generated.ts'
import { biasFor, drawClasses, type LogisticTruth, sigmoid } from './logistic.ts'
import { powerLaw } from './power-law.ts'

export interface ClicksOptions extends GeneratorOptions {
  /** Default 8. */
  readonly fields?: number
  /** Different values of each field. Default 100. */
  readonly values?: number
  /** The k-th most frequent value of a field is k^exponent times as rare as the most frequent one. Default 1.1. */
  readonly exponent?: number
  /** Pairs of fields whose values act together. Default 3. */
  readonly crosses?: number
  /** Standard deviation of the logits that values have by themselves. Default 0.5. */
  readonly single?: number
  /** Standard deviation of the logits that pairs of values have in crossed fields. Default 1. */
  readonly crossed?: number
  /** Share of the labels that are 1. Default 0.25. */
  readonly rate?: number
}

export interface ClicksTruth extends LogisticTruth {
  /** The pairs of fields, the smaller number first. */
  readonly crosses: readonly (readonly [number, number])[]
}

/**
 * Sparse clicks: `categories` [fields] of values with power-law frequencies, ids unique across fields, and
 *   P(click) = sigmoid(bias + sum of single(field, value) + sum over crosses of crossed(value, value')).
 * @throws DynotuneError `data.invalid` when there are fewer pairs of fields than crosses
 */
export function clicks(options: ClicksOptions): Generated<ClicksTruth> {
  const { rows, seed = 0, fields = 8, values = 100, exponent = 1.1, rate = 0.25 } = options
  const { crosses: count = 3, single = 0.5, crossed = 1 } = options
  const random = createRandom(seed, 0, 'clicks')
  const pairs = Array.from({ length: fields }, (_, b) => Array.from({ length: b }, (_, a) => [a, b] as const)).flat()
  if (count > pairs.length) {
    throw new DynotuneError('data.invalid', `${fields} fields have only ${pairs.length} pairs.`, {
      path: 'crosses',
      value: count,
    })
  }
  const chosen = new Set(random.permutation(pairs.length).slice(0, count))
  const crosses = pairs.filter((_, i) => chosen.has(i))
  const singleOf = drawnOnce(createRandom(seed, 0, 'clicks/single'), single)
  const crossedOf = drawnOnce(createRandom(seed, 0, 'clicks/crossed'), crossed)
  const draw = powerLaw(values, exponent)
  const categories = new Int32Array(rows * fields)
  const scores = Array.from({ length: rows }, (_, row) => {
    const ids = Array.from({ length: fields }, (_, field) => field * values + draw(random))
    categories.set(ids, row * fields)
    const alone = ids.reduce((sum, id) => sum + singleOf(String(id)), 0)
    return crosses.reduce((sum, [a, b]) => sum + crossedOf(`${ids[a]} ${ids[b]}`), alone)
  })
  const bias = biasFor(scores, rate)
  const probabilities = scores.map((score) => sigmoid(bias + score))
  const { dataset, truth } = drawClasses({ categories: { values: categories, shape: [fields] } }, probabilities, random)
  return { dataset, truth: { ...truth, crosses } }
}

/** A normal number for each key, drawn when it is first asked for: most pairs of values never come. */
function drawnOnce(random: Random, deviation: number): (key: string) => number {
  const drawn = new Map<string, number>()
  return (key) => {
    const known = drawn.get(key) ?? deviation * random.normal()
    drawn.set(key, known)
    return known
  }
}
