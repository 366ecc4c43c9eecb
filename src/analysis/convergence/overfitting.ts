import { fallingSquares, nearestFalling } from '../../numerics/isotonic.ts'
import { quantile } from '../../numerics/quantile.ts'
import { createRandom, type Random } from '../../numerics/random.ts'
import type { Goal } from '../../study/view.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { correlationsOf, gapsOf } from './correlated-line.ts'
import { after, type Losses, lossesOf, type Point } from './curve.ts'
import { trendOf } from './trend.ts'

/** Where the validation metric turned. */
export interface Turn {
  /** The step of its best, with a 95 % interval. */
  readonly step: Estimate
  /** By how much the metric, smoothed, is worse at the end than there. */
  readonly loss: number
}

/** Whether validation turned: `overfits` while the training loss went on falling, `worsens` while that rose too or is not known. */
export interface Overfitting {
  readonly verdict: 'none' | 'overfits' | 'worsens'
  /** Missing for `none`. */
  readonly turn?: Turn
}

const LEAST_POINTS = 10
const RESAMPLES = 199

/**
 * Whether and where a validation curve turns. The nearest sequence that never rises is compared with the nearest that falls and
 * then rises: how much less the second leaves is set against 199 curves that fall as the first and have noise as correlated
 * (parametric bootstrap), and counts as a turn when at most 5 % of them gain as much. As many curves around the second give the
 * interval of the step.
 * @param validation by ascending step
 * @param training the training loss, to be minimized, at steps of its own; empty where it is not known
 * @param seed of the resampling
 */
export function overfittingOf(
  validation: readonly Point[],
  goal: Goal,
  training: readonly Point[] = [],
  seed = 0,
): Finding<Overfitting> {
  const found = lossesOf(validation, goal, LEAST_POINTS)
  if (!found.known) return found
  const { steps, losses } = found.value
  const random = createRandom(seed, 0, 'overfitting')
  const valley = valleyOf(losses)
  const falling = nearestFalling(losses)
  const resample = noisy(found.value, valley, random)
  let reached = 1
  for (let i = 0; i < RESAMPLES; i++) if (valleyOf(resample(falling)).gain >= valley.gain) reached++
  if (valley.gain === 0 || reached / (RESAMPLES + 1) > 0.05) return known({ verdict: 'none' })

  const turns = Array.from({ length: RESAMPLES }, () => steps[valleyOf(resample(valley.fitted)).at] ?? 0)
  const sorted = turns.sort((a, b) => a - b)
  const step = steps[valley.at] ?? 0
  const turn: Turn = {
    step: { value: step, low: Math.min(step, quantile(sorted, 0.025)), high: Math.max(step, quantile(sorted, 0.975)) },
    loss: (valley.fitted.at(-1) ?? 0) - (valley.fitted[valley.at] ?? 0),
  }
  const trained = lossesOf(
    training.filter(({ step: each }) => each >= step),
    'minimize',
    4,
  )
  if (training.length > 0 && !trained.known) {
    return unknown(`Validation turns at step ${step}, but what the training loss did then is not known.`)
  }
  const isFalling = trained.known && trendOf(trained.value).change.high < 0
  return known({ verdict: isFalling ? 'overfits' : 'worsens', turn })
}

/** The nearest sequence that falls and then rises. */
interface Valley {
  readonly fitted: Float64Array
  /** The index of its lowest number. */
  readonly at: number
  /** How much less it leaves, in squares, than the nearest sequence that never rises. */
  readonly gain: number
}

function valleyOf(losses: Float64Array): Valley {
  const n = losses.length
  const falling = fallingSquares(losses)
  const rising = fallingSquares(losses.toReversed())
  let at = n
  for (let k = n; k >= 0; k--) {
    if ((falling[k] ?? 0) + (rising[n - k] ?? 0) < (falling[at] ?? 0) + (rising[n - at] ?? 0)) at = k
  }
  const fitted = new Float64Array(n)
  fitted.set(nearestFalling(losses.subarray(0, at)))
  fitted.set(nearestFalling(losses.slice(at).reverse()).reverse(), at)
  const lowest = fitted.reduce((a, value, i) => (value < (fitted[a] ?? 0) ? i : a), 0)
  const gain = (falling[n] ?? 0) - (falling[at] ?? 0) - (rising[n - at] ?? 0)
  return { fitted, at: lowest, gain: Math.max(0, gain) }
}

/**
 * Draws curves with a given course and AR(1) noise like that of a curve, which is measured where it is nearly straight: after
 * its turn, or in its second half where that is shorter.
 */
function noisy(curve: Losses, { at }: Valley, random: Random): (course: Float64Array) => Float64Array {
  const n = curve.losses.length
  const straight = after(curve, Math.min(at, n >> 1))
  const { noise, correlation } = trendOf(straight)
  const correlations = correlationsOf(gapsOf(curve.steps), correlation)
  return (course) => {
    let deviation = 0
    return course.map((value, i) => {
      const phi = i === 0 ? 0 : (correlations[i] ?? 0)
      deviation = phi * deviation + Math.sqrt(1 - phi * phi) * noise * random.normal()
      return value + deviation
    })
  }
}
