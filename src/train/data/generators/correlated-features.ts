import { createRandom } from '../../../numerics/random.ts'
import { drawRows, type Generated, type GeneratorOptions } from './generated.ts'
import { drawClasses, type LogisticTruth, sigmoid } from './logistic.ts'

export interface CorrelatedFeaturesOptions extends GeneratorOptions {
  /** Default 10. */
  readonly groups?: number
  /** Features of each group. Default 10. */
  readonly copies?: number
  /** Between two features of a group, in [0, 1]. Default 0.9. */
  readonly correlation?: number
  /** Standard deviation of the logits: the higher, the less noise is in the labels. Default 8. */
  readonly strength?: number
}

/**
 * The dense regime of the question whether dropout helps (McMahan et al. 2013, "Ad Click Prediction", on their own sparse
 * data as against images): every feature is there in every row, in groups that nearly say the same, and labels are clear.
 *   x[g, c] = sqrt(r) z[g] + sqrt(1 - r) e[g, c],  P(1) = sigmoid(sum over groups of w[g] mean over c of x[g, c])
 */
export function correlatedFeatures(options: CorrelatedFeaturesOptions): Generated<LogisticTruth> {
  const { rows, seed = 0, groups = 10, copies = 10, correlation = 0.9, strength = 8 } = options
  const random = createRandom(seed, 0, 'correlated-features')
  const directions = Array.from({ length: groups }, () => random.normal())
  // The mean of a group's features has the variance r + (1 - r) / copies.
  const deviation = Math.sqrt(
    (correlation + (1 - correlation) / copies) * directions.reduce((sum, w) => sum + w * w, 0),
  )
  const weights = directions.map((weight) => (strength * weight) / deviation)
  const { features, drawn } = drawRows(rows, groups * copies, (x) => {
    let score = 0
    weights.forEach((weight, group) => {
      const shared = Math.sqrt(correlation) * random.normal()
      for (let i = group * copies; i < (group + 1) * copies; i++) {
        x[i] = shared + Math.sqrt(1 - correlation) * random.normal()
        score += (weight * (x[i] ?? 0)) / copies
      }
    })
    return score
  })
  return drawClasses({ features }, drawn.map(sigmoid), random)
}
