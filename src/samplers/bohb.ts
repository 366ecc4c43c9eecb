import type { Sampler } from '../study/sampler.ts'
import type { StudyView } from '../study/view.ts'
import { describeEarlier } from './earlier.ts'
import { splitAtFidelity } from './tpe/fidelity.ts'
import { resolveOptions, resolveShare, type TpeOptions } from './tpe/options.ts'
import { parzenSuggest } from './tpe/sampler.ts'

export interface BohbOptions extends Omit<TpeOptions, 'startUp'> {
  /** The share of trials that are drawn evenly whatever the model says, in [0, 1). Default: 1/3, as in the paper. */
  readonly random?: number
}

/**
 * BOHB's model (Falkner, Klein and Hutter, ICML 2018, arXiv:1807.01774): Parzen estimators of what trials had reached at the
 * largest training step that enough of them got to, d + 3 in d dimensions. Curves of trials that were stopped, or are still
 * running, count as far as they go, so that it learns from the first rung on. For use with the pruners `successiveHalving`
 * and `hyperband`, which are the other half of BOHB.
 *
 * It begins with scrambled Halton points, until there are enough trials at any step.
 * @throws DynotuneError `sampler.invalid`
 */
export function bohb(options: BohbOptions = {}): Sampler {
  const { random: given = 1 / 3, ...others } = options
  const random = resolveShare('bohb', given)
  const { good, candidates } = resolveOptions('bohb', others)
  // N_min + 2 of section 4.1, with N_min = d + 1.
  const enoughFor = ({ space }: StudyView) => space.dimensions + 3
  const split = (view: StudyView) => splitAtFidelity(view, good, enoughFor(view))
  return {
    name: 'bohb',
    adaptive: true,
    suggest: parzenSuggest({
      candidates,
      random,
      split,
      share: good,
      startUp: enoughFor,
      isFirst: (view, { known }) => known < enoughFor(view),
    }),
    explain(view) {
      const { known, step } = split(view)
      const enough = enoughFor(view)
      if (known < enough) {
        return `BOHB has drawn scrambled Halton points, as it has no model before ${enough} trials have a value.${describeEarlier(view)}`
      }
      const where = Number.isFinite(step) ? `at step ${step}, the largest that ${enough} trials got to` : 'at their end'
      return (
        `BOHB's model was at last of ${known} trials by their values ${where}. About ${Math.round(100 * random)}% of the ` +
        `trials were drawn evenly instead.${describeEarlier(view)}`
      )
    },
  }
}
