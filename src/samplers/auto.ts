import type { Sampler } from '../study/sampler.ts'
import type { StudyView } from '../study/view.ts'
import { gaussianProcess } from './gaussian-process.ts'
import { grid } from './grid.ts'
import { nsga2 } from './nsga2.ts'
import { random } from './random.ts'
import { smsEgo } from './sms-ego.ts'
import { tpe } from './tpe.ts'

/** From here on a Gaussian process forgets trials to stay quick, which a density estimate need not. */
const MANY_TRIALS = 1000
/** With more dimensions a few hundred trials do not tell a Gaussian process which of them matter. */
const MANY_DIMENSIONS = 40
/** As many trainers ask more often than a Gaussian process answers. */
const MANY_TRAINERS = 64
/** From here on an evolution has enough generations to do without a model. */
const MANY_TRADE_OFFS = 500

interface Choice {
  readonly sampler: Sampler
  /** Completes "… was chosen because". */
  readonly because: string
}

/**
 * The default: the sampler that suits the space, the budget, how many trials run at once and what has been found. It is
 * decided anew for each suggestion, so that a study that is given more trials goes on with what suits these.
 */
export function auto(): Sampler {
  const samplers = {
    grid: grid({ order: 'random' }),
    random: random(),
    gaussianProcess: gaussianProcess(),
    tpe: tpe(),
    smsEgo: smsEgo(),
    nsga2: nsga2(),
  }

  function choose({ space, budget = 0, parallel = 1, trials, objectives = [] }: StudyView, count: number): Choice {
    if (space.dimensions === 0) return { sampler: samplers.random, because: 'nothing varies' }
    if (objectives.length > 1) {
      return trials.length < MANY_TRADE_OFFS
        ? { sampler: samplers.smsEgo, because: `there are ${objectives.length} objectives` }
        : {
            sampler: samplers.nsga2,
            because: `there are ${objectives.length} objectives and ${MANY_TRADE_OFFS} trials to breed from`,
          }
    }
    // Not beyond its end, where others repeat what is best.
    if (space.size <= budget && trials.length + count <= space.size) {
      return { sampler: samplers.grid, because: `the budget reaches for all ${space.size} assignments of the space` }
    }
    if (parallel > MANY_TRAINERS) {
      return { sampler: samplers.tpe, because: `${parallel} trials run at once, which asks for quick suggestions` }
    }
    if (space.dimensions > MANY_DIMENSIONS) {
      return { sampler: samplers.tpe, because: `the space has ${space.dimensions} dimensions` }
    }
    if (trials.length >= MANY_TRIALS) {
      return { sampler: samplers.tpe, because: `there are more than ${MANY_TRIALS} trials to learn from` }
    }
    return { sampler: samplers.gaussianProcess, because: 'it learns most from each trial' }
  }

  return {
    name: 'auto',
    adaptive: true,
    suggest: (view, count, stream) => choose(view, count).sampler.suggest(view, count, stream),
    explain(view) {
      const { sampler, because } = choose(view, 0)
      const explanation = sampler.explain?.(view)
      return `It used ${sampler.name}, since ${because}.${explanation ? ` ${explanation}` : ''}`
    },
  }
}
