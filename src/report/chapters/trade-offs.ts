import { hypervolume } from '../../numerics/hypervolume.ts'
import { isBetter, type Objective } from '../../study/view.ts'
import { tradeOffFigure } from '../figures/trade-offs.ts'
import { formatNumber, plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, table } from '../markdown.ts'
import { type TradeOff, tradeOffs } from '../trade-offs.ts'
import { type Chapter, showFigure } from './chapter.ts'

const MAX_ROWS = 20

/** The best trade-offs between the objectives of a study that has several. */
export function tradeOffsChapter(input: ReportInput): Chapter | undefined {
  const { objectives = [] } = input.view
  const found = tradeOffs(input)
  const front = found.filter(({ isOnFront }) => isOnFront)
  if (front.length === 0) return undefined
  const figures = objectives.slice(1).flatMap((_, i) => tradeOffFigure(found, objectives, i + 1) ?? [])
  const shown = front.slice(0, MAX_ROWS)
  const names = objectives.map(({ metric, goal }) => `${code(metric, 40)} (${goal})`)
  return {
    title: 'Trade offs',
    blocks: [
      `${plural(front.length, 'trial')} of ${found.length} ${front.length === 1 ? 'is' : 'are'} beaten by no other in every objective: better in one means worse in another.${volumeOf(front, objectives)}`,
      ...figures.map(showFigure),
      table(
        ['trial', ...names],
        shown.map(({ trial, values }) => [String(trial.number), ...values.map(formatNumber)]),
        ['r', ...names.map(() => 'r' as const)],
      ),
      ...(front.length > shown.length ? [`The first ${shown.length} of ${front.length}; all are in the data.`] : []),
    ],
    figures,
  }
}

/** One number for the whole front, where the study says what is just not good enough. */
function volumeOf(front: readonly TradeOff[], objectives: readonly Objective[]): string {
  const signs = objectives.map(({ goal }) => (isBetter(goal, 1, 0) ? -1 : 1))
  const reference = objectives.flatMap(({ reference }, i) =>
    reference === undefined ? [] : (signs[i] ?? 1) * reference,
  )
  if (reference.length < objectives.length) return ''
  const points = front.map(({ values }) => values.map((value, i) => (signs[i] ?? 1) * value))
  return ` Their hypervolume up to the references is ${formatNumber(hypervolume(points, reference))}.`
}
