import { z } from 'zod'
import type { Assignment } from '../space/params.ts'
import { parseOptions } from '../study/options.ts'
import type { Sampler } from '../study/sampler.ts'
import { assignmentOf, type Point, pointOf } from './axes.ts'
import { drawDistinct, takenIn } from './distinct.ts'
import { describeEarlier, warmStart } from './earlier.ts'
import { describe } from './gaussian-process/describe.ts'
import { withEarlier } from './gaussian-process/earlier.ts'
import { createProposer } from './gaussian-process/propose.ts'
import { createStart } from './gaussian-process/start.ts'
import { complete, dataOf } from './gaussian-process/surrogate.ts'

export interface GaussianProcessOptions {
  /**
   * Trials before the model is first asked: the middle of the space, then scrambled Sobol points. Default: 7, or in fewer
   * than five dimensions 2 more than there are. */
  readonly startUp?: number
}

/** With 10, medians after 20 trials were 1.4 and 1.2 times as large on problems that nothing was chosen by and on public ones. */
const START = 7

const FIELDS = z.object({ startUp: z.int().positive().optional() })

/**
 * Bayesian optimization with a Gaussian process, for tens to hundreds of trials that take long: the next trial is where the
 * expected improvement of a model of all trials so far is largest.
 *
 * - The model (`kernel.ts`): Matérn-5/2, of all parameters together and of one and two at a time; a distance for each parameter
 *   to options and conditional ones as well (`inputs.ts`); values on a scale between linear and logarithmic (`warp.ts`); noise.
 *   All of it is fitted to the trials (`likelihood.ts`, `fit.ts`).
 * - What is asked of it (`acquisition.ts`): the logarithm of expected improvement on the best mean, averaged over what may come
 *   of pending trials (`fantasies.ts`), plus that of the probability that a trial can be evaluated (`feasibility.ts`), plus a
 *   belief that fades with what is known: what is best is rather in the middle of a range than at its ends (`middle.ts`).
 * - Where it is largest: by L-BFGS and in turn over options (`maximise.ts`), within a trust region when nothing got better for
 *   long (`trust-region.ts`). A model is surer than it should be, so every fourth trial asks for an improvement worth having
 *   rather than the next digit of the best value, and every fourth looks into an option that had less than its share of the
 *   trials (`neglected.ts`).
 *
 * It begins in the middle of the space and with scrambled Sobol points (`start.ts`), and goes on with them until half as many
 * trials have a value. What earlier studies found best takes the place of up to half of them; those that agree with this study
 * (`gaussian-process/earlier.ts`) join the model, which is then asked as soon as that half has values: regrets after 8 trials
 * were 0.43 of those with the whole start. Time for a suggestion grows with the square of the number of trials up to a thousand.
 * Past that it goes by the best 500 and as many of the others, evenly in time; hyperparameters are fitted to 150 chosen likewise
 * (`surrogate.ts`).
 * @throws DynotuneError `sampler.invalid`
 */
export function gaussianProcess(options: GaussianProcessOptions = {}): Sampler {
  const { startUp } = parseOptions('sampler', 'gaussianProcess', FIELDS, options)
  const { propose, modelOf } = createProposer()
  const start = createStart()
  const startOf = (dimensions: number) => startUp ?? Math.min(START, dimensions + 2)

  return {
    name: 'gaussianProcess',
    adaptive: true,
    suggest(view, count, random) {
      const { space, seed, trials } = view
      const data = withEarlier(view, dataOf(view))
      const { axes } = data
      const taken = takenIn(view)
      const waiting: Point[] = [...data.pending]
      const first = startOf(axes.length)
      const hasBegun = axes.length > 0 && data.points.length >= Math.max(2, first / 2)
      const startAt = start(axes, seed)
      const warm = warmStart(view, first, count, random)
      return Array.from({ length: count }, (_, i): Assignment => {
        const number = trials.length + i
        const stream = random(number)
        const isFirst = !hasBegun || (number < first && !data.earlier)
        const found = warm[i] ? [] : isFirst ? [startAt(number)] : propose(data, waiting, number, stream)
        const assignment = drawDistinct(
          view,
          taken,
          (attempt) =>
            (attempt === 0 && warm[i]) ||
            assignmentOf(
              space,
              axes,
              found[attempt] ??
                Float64Array.from(axes, ({ kind, size }) => (kind === 'unordered' ? stream.int(size) : stream.next())),
            ),
        )
        waiting.push(complete(axes, pointOf(axes, assignment)))
        return assignment
      })
    },
    explain(view) {
      const data = withEarlier(view, dataOf(view))
      const first = startOf(data.axes.length)
      if (data.points.length < Math.max(2, first / 2))
        return `The middle of the space, then scrambled Sobol points: too few trials have a value for a model.${describeEarlier(view)}`
      return describe(data, modelOf(data), Math.min(first, view.trials.length)) + describeEarlier(view)
    },
  }
}
