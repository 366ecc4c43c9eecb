import type { Sampler } from '../study/sampler.ts'
import { describeEarlier } from './earlier.ts'
import { resolveOptions, type TpeOptions } from './tpe/options.ts'
import { parzenSuggest } from './tpe/sampler.ts'
import { splitTrials } from './tpe/split.ts'

export type { TpeOptions } from './tpe/options.ts'

/**
 * The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl, NeurIPS 2011; components after Watanabe,
 * arXiv:2304.11127): of some points drawn from the density of the good trials, the one where that is largest beside the
 * density of the bad trials. Densities are of all axes at once, so that they keep correlations, within branches and across.
 * Pending trials and those that could not be evaluated count as bad. Of several objectives, good trials are those on the
 * first fronts.
 *
 * It begins with scrambled Halton points, and goes on with them until half as many trials have a value. What earlier studies
 * found best takes the place of up to half of them, and their trials join the densities (`tpe/earlier.ts`).
 * @throws DynotuneError `sampler.invalid`
 */
export function tpe(options: TpeOptions = {}): Sampler {
  const { startUp, good, candidates } = resolveOptions('tpe', options)
  return {
    name: 'tpe',
    adaptive: true,
    suggest: parzenSuggest({
      candidates,
      random: 0,
      split: (view) => splitTrials(view, good),
      share: good,
      startUp: () => startUp,
      isFirst: (_, { known }, number) => number < startUp || known < startUp / 2,
    }),
    explain(view) {
      const { good: best, known } = splitTrials(view, good)
      const begun = `TPE began with ${startUp} trials at scrambled Halton points`
      const model =
        known < startUp / 2
          ? `${begun}, and has no model before ${Math.ceil(startUp / 2)} trials have a value.`
          : `${begun}. Each later one is, of ${candidates} points like the good trials, the one least like the others. At ` +
            `the end ${best.length} of ${known} trials with a value counted as good.`
      return model + describeEarlier(view)
    },
  }
}
