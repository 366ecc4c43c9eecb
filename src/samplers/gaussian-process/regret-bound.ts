import { dot } from '../../numerics/dots.ts'
import { createRandom } from '../../numerics/random.ts'
import type { StudyView } from '../../study/view.ts'
import { rowsOf } from './inputs.ts'
import { variance } from './kernel.ts'
import { maximise, wholeBox } from './maximise.ts'
import type { Posterior } from './posterior.ts'
import { predictor } from './predict.ts'
import { type Surface, surfaceOf } from './surface.ts'
import { createFitter, dataOf } from './surrogate.ts'
import { unwarped } from './warp.ts'

/** How much there is left to gain, in units of the study's metric. */
export interface RegretBound {
  /** What the best trial is worse by than the best there is, at most, as far as the model can tell. */
  readonly bound: number
  /** The standard deviation of the metric's noise beside the best trial. */
  readonly noise: number
}

/** The chance that the bound is wrong, and what its theory is too careful by: both as in the paper, section 5. */
const RISK = 0.1
const CARE = 5

/**
 * The bound on the regret of the best trial by which a study can be stopped: the least upper confidence bound at a trial less
 * the least lower one anywhere (Makarova et al., "Automatic termination for hyperparameter optimization", arXiv 2104.08166,
 * eq. 2, 3). Going on is not worth it when that is below the noise.
 * @returns undefined while there are too few trials with a value for a model
 */
export function regretBound(view: StudyView): RegretBound | undefined {
  const data = dataOf(view)
  const { axes, columns, points, y } = data
  const d = axes.length
  const n = points.length
  if (d === 0 || n <= Math.min(10, d + 1)) return undefined
  const { model, posterior, white, means, members } = createFitter()(columns, rowsOf(columns, points), y)
  const { warp, noise } = model
  const width = Math.sqrt((2 / CARE) * Math.log((d * n ** 2 * Math.PI ** 2) / (6 * RISK)))
  const predict = predictor(posterior, white)
  const seen = members.map((member) => rowsOf(columns, points.slice(member, member + 1)))
  const reached = Math.min(
    ...seen.map((row) => {
      const { mean, deviation } = predict(row)
      return mean + width * deviation
    }),
  )
  const best = means.indexOf(Math.min(...means))
  const good = points.slice(members[best], (members[best] ?? 0) + 1)
  const surface = optimismSurface(posterior, white, width)
  const random = createRandom(view.seed, view.trials.length, 'regretBound')
  const [found] = maximise(axes, columns, surface, { box: wholeBox(d) }, good, random)
  const possible = found ? -surface.evaluate(rowsOf(columns, [found])) : reached
  const bent = means[best] ?? 0
  const deviation = Math.sqrt(noise)
  return {
    bound: Math.max(0, unwarped(warp, reached) - unwarped(warp, Math.min(reached, possible))),
    noise: (unwarped(warp, bent + deviation) - unwarped(warp, bent - deviation)) / 2,
  }
}

/** How low a value may be, negated: width · σ - μ. */
function optimismSurface(posterior: Posterior, white: Float64Array, width: number): Surface {
  const { kernel, count } = posterior
  const prior = variance(kernel)
  return surfaceOf(posterior, (v, at, slopes) => {
    const left = Math.max(prior - dot(v, at, v, at, 0, count), 1e-14 * prior)
    const deviation = Math.sqrt(left)
    if (slopes) {
      for (let i = 0; i < count; i++) slopes[i] = -(white[i] ?? 0) - (width * (v[at + i] ?? 0)) / deviation
    }
    return width * deviation - dot(v, at, white, 0, 0, count)
  })
}
