import { DynotuneError } from '../../../errors.ts'
import { checkCount } from '../check.ts'

/**
 * The loss ½ Σ hᵢ θᵢ² whose gradient is known but for noise of variance cᵢ / batch size, independent in each dimension:
 * a model of training that can be solved. Zhang et al., NeurIPS 2019, arXiv 1907.04164, section 3.
 */
export interface QuadraticProblem {
  /** hᵢ > 0. */
  readonly curvatures: Float64Array
  /** cᵢ ≥ 0: the variance of the gradient of one example. */
  readonly noise: Float64Array
}

/** The paper's problem: hᵢ = 1 / i and cᵢ = hᵢ for i = 1, …, dimensions. With its 10,000 the loss of θ = 1 is 4.893803. */
export function noisyQuadratic(dimensions = 10_000): QuadraticProblem {
  checkCount('noisyQuadratic.dimensions', dimensions)
  const curvatures = Float64Array.from({ length: dimensions }, (_, i) => 1 / (i + 1))
  return { curvatures, noise: curvatures }
}

/** What steps are made with. */
export interface QuadraticSteps {
  /** α > 0. */
  readonly rate: number
  readonly batchSize: number
  /** μ in [0, 1), of v ← μ v + g, θ ← θ - α v. Default 0. */
  readonly momentum?: number
  /** p, of gradients multiplied by h⁻ᵖ: 0 for gradient descent, 1 for Newton's method. Default 0. */
  readonly preconditioning?: number
}

/** Throws `optimizer.invalid` unless steps can be made with this. */
export function checkSteps({ rate, batchSize, momentum = 0, preconditioning = 0 }: QuadraticSteps): void {
  const wrong = Object.entries({
    rate: rate > 0,
    batchSize: batchSize > 0,
    momentum: momentum >= 0 && momentum < 1,
    preconditioning: Number.isFinite(preconditioning),
  }).find(([, valid]) => !valid)
  if (!wrong) return
  throw new DynotuneError('optimizer.invalid', `The ${wrong[0]} is out of range.`, {
    path: `quadratic.${wrong[0]}`,
    value: { rate, batchSize, momentum, preconditioning },
    remedy: 'give a positive rate and batch size, and a momentum in [0, 1)',
  })
}
