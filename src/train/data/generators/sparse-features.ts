import { createRandom } from '../../../numerics/random.ts'
import { drawRows, type Generated, type GeneratorOptions } from './generated.ts'
import { drawClasses, type LogisticTruth, sigmoid } from './logistic.ts'

export interface SparseFeaturesOptions extends GeneratorOptions {
  /** Features. Default 500. */
  readonly width?: number
  /** Features that are there in a row, on average. Default 10. */
  readonly active?: number
  /** The k-th most frequent feature is k^exponent times as rare as the most frequent one. Default 1. */
  readonly exponent?: number
  /** Standard deviation of the logits. Default 2. */
  readonly strength?: number
  /** Share of the labels that are turned round, in [0, 0.5]. Default 0.15. */
  readonly flipped?: number
}

/**
 * The sparse regime of the question whether dropout helps (McMahan et al. 2013; see `correlatedFeatures`): features are 0
 * or 1, independent of each other and rare, most of them very rare, and labels are noisy.
 *   P(x[j] = 1) = min(1, c j^-exponent),  P(1) = f + (1 - 2 f) sigmoid(sum over j of w[j] (x[j] - P(x[j] = 1)))
 */
export function sparseFeatures(options: SparseFeaturesOptions): Generated<LogisticTruth> {
  const { rows, seed = 0, width = 500, active = 10, exponent = 1, strength = 2, flipped = 0.15 } = options
  const random = createRandom(seed, 0, 'sparse-features')
  const frequencies = frequenciesOf(width, active, exponent)
  const directions = Array.from({ length: width }, () => random.normal())
  const variance = frequencies.reduce((sum, p, j) => sum + p * (1 - p) * (directions[j] ?? 0) ** 2, 0)
  const weights = directions.map((weight) => (strength * weight) / Math.sqrt(variance))
  const { features, drawn } = drawRows(rows, width, (x) => {
    let score = 0
    frequencies.forEach((p, j) => {
      x[j] = random.next() < p ? 1 : 0
      score += (weights[j] ?? 0) * ((x[j] ?? 0) - p)
    })
    return score
  })
  const probabilities = drawn.map((score) => flipped + (1 - 2 * flipped) * sigmoid(score))
  return drawClasses({ features }, probabilities, random)
}

/** Power-law frequencies up to 1 whose sum is `active`, their factor found by bisection. */
function frequenciesOf(width: number, active: number, exponent: number): number[] {
  let [low, high] = [0, width ** exponent]
  const at = (factor: number) => Array.from({ length: width }, (_, j) => Math.min(1, factor * (j + 1) ** -exponent))
  for (let i = 0; i < 50; i++) {
    const factor = (low + high) / 2
    if (at(factor).reduce((sum, p) => sum + p, 0) < active) low = factor
    else high = factor
  }
  return at((low + high) / 2)
}
