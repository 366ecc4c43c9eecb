import type { Finding } from '../../analysis/finding.ts'
import { type BestOfK, bestOfK } from '../../analysis/search/best-of-k.ts'
import { outcomes } from '../../analysis/search/outcomes.ts'
import { type Repeats, repeats } from '../../analysis/search/repeats.ts'
import { bestOfKFigure } from '../figures/best-of-k.ts'
import { plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, details } from '../markdown.ts'
import { type Chapter, showFigure } from './chapter.ts'
import { rough } from './shares.ts'

/** Samplers whose trials do not depend on earlier ones. */
const INDEPENDENT = ['random', 'sobol', 'halton', 'latinHypercube', 'grid']
const LEAST_TRIALS = 10
/** Points of the curve: every count up to so many, then evenly along the logarithm. */
const POINTS = 60
/** What the last doubling may have gained, as a share of all that was gained over a typical trial, for a curve to be flat. */
const FLAT = 0.02

/** How much of the best value is luck, and whether more trials would find a better one. */
export function luckChapter(input: ReportInput): Chapter | undefined {
  const { best, view, ranked } = input
  if (!best || ranked.length < LEAST_TRIALS) return undefined
  const found = outcomes(view)
  if (!found.known) return undefined
  const { tried } = found.value
  const half = Math.floor(tried / 2)
  const curve = bestOfK(view, countsTo(tried))
  const marks = bestOfK(view, [1, half])
  if (!curve.known || !marks.known) return undefined
  const [one, atHalf] = marks.value
  if (!one || !atHalf) return undefined
  const figure = bestOfKFigure(input, curve.value, found.value)
  return {
    title: 'How lucky was the search',
    blocks: [
      lead(input, one, atHalf, tried),
      ...ofRepeats(input, repeats(view)),
      showFigure(figure),
      details('How luck is measured, and what it does not say', method(input, tried, found.value.band)),
    ],
    figures: [figure],
  }
}

function lead({ best, metric, study, ranked }: ReportInput, one: BestOfK, half: BestOfK, tried: number): string {
  const value = best?.value ?? 0
  const gained = Math.abs(half.expected - value)
  const typical = ranked[Math.floor(ranked.length / 2)]?.value ?? one.expected
  const isFlat = gained <= FLAT * Math.abs(typical - value)
  const { sampler } = study.definition
  return [
    `Half of the ${tried.toLocaleString('en-US')} trials would have found a best ${code(metric)} of ${rough(half.expected)} on average (${rough(half.low)} to ${rough(half.high)} in 95 % of choices); all of them found ${rough(value)}.`,
    isFlat
      ? 'The curve is flat: more trials in this space are not likely to find much better ones; change the space or the question.'
      : 'The curve still moves: more trials in this space are likely to find better ones.',
    ...(INDEPENDENT.includes(sampler)
      ? []
      : [
          `As ${code(sampler)} may learn from earlier trials, read this as what the same trials would have given in another order: a shorter search would have had fewer good ones to choose from, and a longer one may find more than the curve promises.`,
        ]),
  ].join(' ')
}

function ofRepeats({ metric }: ReportInput, found: Finding<Repeats>): string[] {
  if (!found.known) return []
  const { deviation, degrees, isOfWinner, gain, next, winner, searchDeviation } = found.value
  const spread = `Runs of the same parameters differ by a standard deviation of ${rough(deviation.value)} (${rough(deviation.low)} to ${rough(deviation.high)}, from ${isOfWinner ? `${plural(winner.trials.length, 'run')} of the best` : `${plural(degrees, 'repeat')} of any`}), searches of this size by about ${rough(searchDeviation)}.`
  if (!gain || !next) return [spread]
  const verdict =
    gain.low > 0
      ? 'which is more than both: adopt it if it is worth its complexity.'
      : 'which is no more than both may give by chance: run both several times before adopting either.'
  return [
    `${spread} The best configuration is better than the next (trial ${next.trials[0]}) by ${rough(gain.value)} of ${code(metric)} on average (${rough(gain.low)} to ${rough(gain.high)}), ${verdict}`,
  ]
}

function method({ withoutValue, count }: ReportInput, tried: number, band: number): string {
  const failed = count('failed')
  const infeasible = withoutValue.length - failed
  return [
    `The curve is the mean of the best of k trials over all ways to choose k of the ${tried.toLocaleString('en-US')}, in closed form (Dodge et al. 2019, without replacement as by Tang et al. 2020), and the band holds the middle 95 % of the choices. For independent trials the mean is an unbiased estimate of what k new ones would find. The band is not one for all trials: toward the right it closes because the choices become the same, not because another search would find the same.`,
    `The share of trials as good as a value is, for independent trials, known to within ${Math.round(100 * band)} points everywhere (95 %, Dvoretzky, Kiefer and Wolfowitz).`,
    ...(infeasible > 0
      ? [
          `${plural(infeasible, 'infeasible trial')} ${infeasible === 1 ? 'counts' : 'count'} as tried, and as worse than any with a value.`,
        ]
      : []),
    ...(failed > 0 ? [`${plural(failed, 'failed trial')} ${failed === 1 ? 'does' : 'do'} not count.`] : []),
    'The best value of a search is also the luckiest of its trials: how much of it would be left in another run only repeats can tell.',
  ].join('\n\n')
}

function countsTo(tried: number): number[] {
  if (tried <= POINTS) return Array.from({ length: tried }, (_, index) => index + 1)
  const counts = Array.from({ length: POINTS }, (_, index) => Math.round(tried ** (index / (POINTS - 1))))
  return [...new Set(counts)]
}
