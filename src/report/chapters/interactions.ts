import { lossOf } from '../../samplers/observations.ts'
import { interactionFigure } from '../figures/interaction.ts'
import { groupsOf, importancesOf } from '../importances.ts'
import type { ReportInput } from '../input.ts'
import { code, details } from '../markdown.ts'
import { type Chapter, showFigure } from './chapter.ts'
import { percent, percentWithin } from './shares.ts'

const TITLE = 'Interactions'
/** A pair below this share of the variance is not worth a map. */
const LEAST = 0.02

/** The two parameters that depend on each other the most, as a map. */
export function interactionsChapter(input: ReportInput): Chapter | undefined {
  if (input.varied.length < 2) return undefined
  const importances = importancesOf(input)
  const pairs = groupsOf(importances)
    .flatMap(({ branch, found }) => found.pairs.map((pair) => ({ ...pair, branch, found })))
    .sort((a, b) => b.share.value - a.share.value)
  const [top] = pairs
  // Without importances their chapter has said why.
  if (!top) return undefined
  const surface = top.found.surface(...top.of)
  const [first, second] = top.of.map((name) => input.space.parameter(name))
  if (top.share.value < LEAST || top.share.low <= 0 || !surface || !first || !second) {
    return {
      title: TITLE,
      blocks: [
        `No two parameters are seen to depend on each other: no pair explains more than ${percent(top.share.value)} of the variance for certain beyond what each does alone. They may be tuned one after the other.`,
      ],
      figures: [],
    }
  }
  const back = (value: number) => (importances.isLog ? 10 ** value : lossOf(input.goal, value))
  const figure = interactionFigure(input, [first, second], surface, back)
  const among = top.branch ? `, among trials with ${code(top.branch, 60)}` : ''
  return {
    title: TITLE,
    blocks: [
      `${code(first.name)} and ${code(second.name)} depend on each other the most: together they explain ${percentWithin(top.share)} of the variance beyond what each does by itself${among}. Tune them together, and read the best of one off the map for each of the other.`,
      showFigure(figure),
      details(
        'How the map is made, and what it does not say',
        `The map is what the forest of the chapter on importance predicts, on average over all the other parameters; it is not the best over them, and smoother than the truth. ${importances.isLog ? 'It averages logarithms. ' : ''}Where few trials are it follows the nearest. The star is the best trial.`,
      ),
    ],
    figures: [figure],
  }
}
