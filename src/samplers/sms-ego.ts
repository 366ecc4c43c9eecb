import type { Sampler } from '../study/sampler.ts'
import type { StudyView } from '../study/view.ts'
import { drawDistinct, takenIn } from './distinct.ts'
import { objectivesOf, scoredTrials } from './nsga2/scored.ts'
import { isFeasible, survivors } from './nsga2/survivors.ts'
import { createSearch } from './sms-ego/search.ts'

/** Draws, all tried or not allowed, after which the space at large is drawn from. */
const CHILDREN = 48

/**
 * Looks for the front of best trade-offs by what each trial is expected to add to its hypervolume: model-assisted S-metric
 * selection (Ponweiser, Wagner, Biermann and Vincze, "Multiobjective optimization on a limited budget of evaluations using
 * model-assisted S-metric selection", PPSN X, 2008), with a Gaussian process for each objective and NSGA-II to search among
 * expectations. Trials that run count as what is expected of them, infeasible ones as the worst that was seen. Begins at random.
 */
export function smsEgo(): Sampler {
  return {
    name: 'smsEgo',
    adaptive: true,
    suggest(view, count, stream) {
      const { space, trials } = view
      const taken = takenIn(view)
      const search = trials.length + count > startOf(view) ? createSearch(view) : undefined
      return Array.from({ length: count }, (_, i) => {
        const number = trials.length + i
        const random = stream(number)
        if (!search || number < startOf(view)) return drawDistinct(view, taken, () => space.sample(random.next))
        const best = search.best(random)
        const found = drawDistinct(view, taken, (attempt) =>
          attempt < CHILDREN ? (best[attempt] ?? search.near(random)) : space.sample(random.next),
        )
        search.expect(found)
        return found
      })
    },
    explain(view) {
      const scored = scoredTrials(view)
      const front = survivors(scored, scored.length).filter((trial) => isFeasible(trial) && trial.rank === 0)
      const names = objectivesOf(view).map(({ metric }) => metric)
      return (
        `SMS-EGO drew ${Math.min(startOf(view), view.trials.length)} trials at random, and chose the others by what a ` +
        `Gaussian process for each of ${names.join(', ')} expects them to add to the hypervolume. ` +
        `${front.length} of ${scored.length} trials are not dominated.`
      )
    },
  }
}

/** One more than it has dimensions, from 10 to 20: trials that are drawn at random first. */
function startOf({ space }: StudyView): number {
  return Math.min(20, Math.max(10, space.dimensions + 1))
}
