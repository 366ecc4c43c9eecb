/** By how much forecasts were off, in their own standard deviations: their mean error, and what is left without it. */
export interface Calibration {
  readonly bias: number
  readonly width: number
}

/** Before any forecast was tried out, they count as unbiased and half as wide again as they say, with the weight of four. */
const WEIGHT = 4
const WIDTH = 1.5

/**
 * How forecasts of finished curves, made at the step in question, erred. A curve ends with the best of its reports, whence
 * a bias downwards; the noise of early reports is not that of late ones, whence a width.
 * @param errors normal quantiles of what came at last under what was forecast
 */
export function calibrate(errors: readonly number[]): Calibration {
  const count = errors.length + WEIGHT
  const bias = errors.reduce((sum, error) => sum + error, 0) / count
  const squares = errors.reduce((sum, error) => sum + (error - bias) ** 2, 0)
  return { bias, width: Math.sqrt((squares + WEIGHT * WIDTH ** 2) / count) }
}
