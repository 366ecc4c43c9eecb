import { DynotuneError } from '../errors.ts'
import type { Random } from '../numerics/random.ts'
import type { Sampler } from '../study/sampler.ts'
import type { StudyView } from '../study/view.ts'
import { type Axis, assignmentOf, axesOf, pointOf } from './axes.ts'
import { drawDistinct, takenIn } from './distinct.ts'
import { type Scored, scoredTrials } from './nsga2/scored.ts'
import { isFeasible, type Place, survivors, winner } from './nsga2/survivors.ts'
import { drawn, vary } from './nsga2/vary.ts'

export interface Nsga2Options {
  /** Trials in a generation, an integer from 2. Default: 50, or a fifth of the study's budget where that is less. */
  readonly population?: number
}

/** Children, all tried or not allowed, after which the space at large is drawn from. */
const DRAWS = 48

/**
 * NSGA-II: an evolution towards the whole front of best trade-offs (Deb, Pratap, Agarwal and Meyarivan, IEEE Trans. Evol.
 * Comput. 6, 2002), which works for one objective too. Trials beyond the study's bounds, or that could not be evaluated, lose
 * against those that could. Trial n is of generation floor(n / population): the first is drawn at random, and each later one
 * descends from what survives of those before, as far as they have ended, so that no trial waits for another.
 * @throws DynotuneError `sampler.invalid`
 */
export function nsga2(options: Nsga2Options = {}): Sampler {
  const { population } = options
  if (population !== undefined && !(Number.isInteger(population) && population >= 2)) {
    throw new DynotuneError('sampler.invalid', 'The population of nsga2 must be an integer from 2.', {
      path: 'sampler.population',
      value: population,
    })
  }
  const sizeFor = ({ budget = Number.POSITIVE_INFINITY }: StudyView) =>
    population ?? Math.min(50, Math.max(10, Math.ceil(budget / 5)))

  return {
    name: 'nsga2',
    adaptive: true,
    suggest(view, count, stream) {
      const axes = axesOf(view.space)
      const taken = takenIn(view)
      const size = sizeFor(view)
      const parentsOf = generations(view, size)
      return Array.from({ length: count }, (_, i) => {
        const number = view.trials.length + i
        const parents = parentsOf(Math.floor(number / size))
        const random = stream(number)
        return drawDistinct(view, taken, (attempt) =>
          attempt < DRAWS
            ? assignmentOf(view.space, axes, offspring(axes, parents, random))
            : view.space.sample(random.next),
        )
      })
    },
    explain(view) {
      const size = sizeFor(view)
      const generation = Math.floor(Math.max(0, view.trials.length - 1) / size)
      const parents = generations(view, size)(generation + 1)
      const front = parents.filter((trial) => isFeasible(trial) && trial.rank === 0)
      return (
        `NSGA-II with ${size} trials a generation came to generation ${generation}, counted from 0, of which the first was ` +
        `drawn at random. Of the ${parents.length} that would be the next parents, ${front.length} are not dominated.`
      )
    },
  }
}

type Parent = Scored & Place

/** The parents of a generation: of their own parents and these' children, the best (Deb et al. 2002, section III-C). */
function generations(view: StudyView, size: number): (generation: number) => readonly Parent[] {
  const born: Scored[][] = []
  for (const scored of scoredTrials(view)) {
    const generation = Math.floor(scored.number / size)
    born[generation] ??= []
    born[generation].push(scored)
  }
  const parents: (readonly Parent[])[] = [[]]
  return (generation) => {
    for (let g = parents.length; g <= generation; g++) {
      parents[g] = survivors([...(parents[g - 1] ?? []), ...(born[g - 1] ?? [])], size)
    }
    return parents[generation] ?? []
  }
}

function offspring(axes: readonly Axis[], parents: readonly Parent[], random: Random): Float64Array {
  const [a, b] = [tournament(parents, random), tournament(parents, random)]
  if (!a || !b) return Float64Array.from(axes, (axis) => drawn(axis, random))
  return vary(axes, pointOf(axes, a.trial.params), pointOf(axes, b.trial.params), random)
}

function tournament(parents: readonly Parent[], random: Random): Parent | undefined {
  if (parents.length < 2) return undefined
  const [a, b] = [parents[random.int(parents.length)], parents[random.int(parents.length)]]
  return a && b && winner(a, b)
}
