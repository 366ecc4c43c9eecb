import { SHAPE_COUNT, shapesAt } from './shapes.ts'

/** A point of a curve: the share of the training, in (0, 1], and the loss there. */
export interface LossPoint {
  readonly x: number
  readonly loss: number
}

/** What is believed of a curve before it is seen; arrays by shape. */
export interface Belief {
  /** How probable each shape is. */
  readonly shares: Float64Array
  /** Mean and variance of the height b. An infinite variance: nothing is known of it. */
  readonly heights: Float64Array
  readonly variances: Float64Array
  /** Mean square of a report about its curve. */
  readonly noises: Float64Array
}

/** A curve fitted by every shape; arrays by shape. */
export interface Fits {
  /** b in a + b shape(x). */
  readonly heights: Float64Array
  /** The mean square of what the fit leaves. */
  readonly residuals: Float64Array
  /** The loss at x = 1, and the standard deviation of that: of a report there, about a curve that is not known for sure. */
  readonly means: Float64Array
  readonly deviations: Float64Array
  /** How likely each shape makes the curve, as a share of the likeliest. */
  readonly likelihoods: Float64Array
}

/** A level and a height are fitted. */
export const FEWEST = 2
/** What the belief about the noise weighs, in reports. */
const NOISE_WEIGHT = 2

/**
 * Fits y = a + b shape(x), b ≥ 0, for every shape: variable projection (Golub and Pereyra, 1973) with the parameters of the
 * shape on a grid, so that for each there is one weighted regression, Bayesian in b and in the noise. Points weigh as x:
 * what is near the end says more of it.
 * @param points at least two, by ascending x
 */
export function fitShapes(points: readonly LossPoint[], belief: Belief): Fits {
  const n = points.length
  const scale = n / points.reduce((sum, { x }) => sum + x, 0)
  const weights = Float64Array.from(points, ({ x }) => x * scale)
  const losses = Float64Array.from(points, ({ loss }) => loss)
  const rows = points.map(({ x }) => shapesAt(x))
  const end = shapesAt(1)
  const level = sumOf(n, (i) => at(weights, i) * at(losses, i)) / n
  const about = sumOf(n, (i) => at(weights, i) * (at(losses, i) - level) ** 2)
  const degrees = n - 2 + NOISE_WEIGHT
  const fits = emptyFits()
  for (let k = 0; k < SHAPE_COUNT; k++) {
    let [centre, ff, fy] = [0, 0, 0]
    for (let i = 0; i < n; i++) centre += (at(weights, i) * (rows[i]?.[k] ?? 0)) / n
    for (let i = 0; i < n; i++) {
      const f = (rows[i]?.[k] ?? 0) - centre
      ff += at(weights, i) * f * f
      fy += at(weights, i) * f * (at(losses, i) - level)
    }
    const squaresAt = (b: number) => Math.max(0, about - b * (2 * fy - b * ff))
    const believed = NOISE_WEIGHT * at(belief.noises, k)
    // The height by the curve alone gives the noise by which the belief about heights is weighed.
    const noise = (squaresAt(Math.max(0, fy / ff)) + believed) / degrees
    const pull = noise / at(belief.variances, k)
    const height = Math.max(0, (fy + pull * at(belief.heights, k)) / (ff + pull))
    const squares = squaresAt(height) + (pull > 0 ? pull * (height - at(belief.heights, k)) ** 2 : 0) + believed
    const ahead = at(end, k) - centre
    fits.heights[k] = height
    fits.residuals[k] = squaresAt(height) / n
    fits.means[k] = level + height * ahead
    fits.deviations[k] = Math.sqrt((squares / degrees) * (1 + 1 / n + ahead ** 2 / (ff + pull)))
    fits.likelihoods[k] = (Math.log(pull > 0 ? pull / (ff + pull) : 1) - degrees * Math.log(squares)) / 2
  }
  const most = fits.likelihoods.reduce((a, b) => Math.max(a, b))
  return { ...fits, likelihoods: fits.likelihoods.map((logarithm) => Math.exp(logarithm - most)) }
}

function emptyFits(): Fits {
  const array = () => new Float64Array(SHAPE_COUNT)
  return { heights: array(), residuals: array(), means: array(), deviations: array(), likelihoods: array() }
}

function sumOf(count: number, term: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += term(i)
  return sum
}

function at(numbers: Float64Array, i: number): number {
  return numbers[i] ?? 0
}
