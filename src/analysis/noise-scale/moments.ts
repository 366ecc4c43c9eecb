/** Unbiased estimates of a gradient's moments, at a step or over the steps that led to it. Either may be negative. */
export interface GradientMoments {
  readonly step: number
  /** |G|², the squared norm of the true gradient. */
  readonly signal: number
  /** tr Σ, the variance of the gradient of one example. */
  readonly noise: number
}
