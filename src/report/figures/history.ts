import { hasValue } from '../../study/view.ts'
import { withBestSoFar } from '../best-so-far.ts'
import { drawable, formatNumber, oneLine, round } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { sample } from '../sample.ts'
import { inStrip, STRIP, valueAxis } from './axes.ts'
import { FIGURE_WIDTH, type Figure } from './figure.ts'
import { kindOf, labelOf, type PointKind, pointEncoding } from './points.ts'
import { tooltip } from './tooltip.ts'
import { trialScale } from './value-scale.ts'

const HEIGHT = 300
/** More points than these run into one another, and make a heavy file. */
const LIMIT = 1500

/** The value of every trial by its number, and the best so far. */
export interface HistoryFigure extends Figure {
  /** How many trials are drawn, of how many that could be. */
  readonly drawn: number
  readonly all: number
  /** Where the axis ends for a few very bad values, and how many are drawn at its end. */
  readonly limit?: number
  readonly beyond: number
  /** How often a trial beat all before it; the first trial with a value counts. */
  readonly improvements: number
}

/** The history of the best, or undefined when no trial has a value. */
export function historyFigure(input: ReportInput): HistoryFigure | undefined {
  const { trials, best, goal } = input
  if (!best) return undefined
  const scale = trialScale(input)
  const points = withBestSoFar(input).flatMap((point) => {
    const kind = kindOf(point.trial, input, scale)
    return kind ? [{ ...point, kind }] : []
  })
  const improvements = points.filter(({ improves }) => improves)
  // From the last one back: the best trial is drawn whatever is left out.
  const drawn = sample(points, improvements.toReversed(), LIMIT)
  const metric = oneLine(input.metric, 60)
  const values = drawn.map(({ trial, kind, bestSoFar }) => ({
    trial: trial.number,
    kind: labelOf(kind),
    hasValue: trial.value !== undefined && kind !== 'best' && kind !== 'infeasible' && kind !== 'failed',
    ...(trial.value !== undefined && { y: scale.clamp(drawable(trial.value)) }),
    ...(bestSoFar !== undefined && { best: scale.clamp(drawable(bestSoFar)) }),
  }))
  // The line goes on to the last trial, though that one need not have an outcome yet.
  const steps = values.filter(({ best: value }) => value !== undefined)
  const label = `trial ${best.number}: ${formatNumber(best.value)}`
  const isLate = best.number > trials.length / 2

  return {
    name: 'history',
    alt: altText(input, improvements.length),
    data: {
      columns: ['trial', 'outcome', 'value', 'best_so_far'],
      rows: drawn.map(({ trial, bestSoFar }) => [
        trial.number,
        trial.state,
        trial.value === undefined ? undefined : round(trial.value),
        bestSoFar === undefined ? undefined : round(bestSoFar),
      ]),
    },
    drawn: drawn.length,
    all: points.length,
    beyond: points.filter(({ kind }) => kind === 'beyond').length,
    improvements: improvements.length,
    ...(scale.limit !== undefined && { limit: scale.limit }),
    spec: (theme) => {
      const x = {
        field: 'trial',
        type: 'quantitative' as const,
        title: 'trial',
        scale: { domain: [-0.5, trials.length - 0.5], nice: false, zero: false },
        axis: { tickMinStep: 1, format: 'd', tickCount: 10 },
      }
      const y = valueAxis(scale, HEIGHT, metric, STRIP)
      const kinds = new Set<PointKind>(drawn.map(({ kind }) => kind))
      const styled = { x, y, ...pointEncoding(kinds, theme, goal, true) }
      const pointed = { ...styled, tooltip: tooltip({ trial: 'trial', kind: 'outcome', y: metric }) }
      return {
        width: FIGURE_WIDTH,
        height: HEIGHT,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        layer: [
          {
            data: { values: steps },
            mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2, color: theme.best },
            encoding: { x, y: { ...y, field: 'best' } },
          },
          {
            transform: [{ filter: 'datum.hasValue' }],
            mark: { type: 'point', filled: true, size: drawn.length > 300 ? 18 : 50, opacity: 0.9 },
            encoding: pointed,
          },
          ...(['infeasible', 'failed'] as const).map((kind) => ({
            transform: [{ filter: `datum.kind === '${kind}'` }],
            mark: { type: 'point' as const, filled: true, size: 60, opacity: 0.9 },
            encoding: { ...styled, y: inStrip(HEIGHT, kind), tooltip: tooltip({ trial: 'trial', kind: 'outcome' }) },
          })),
          {
            transform: [{ filter: `datum.trial === ${best.number}` }],
            layer: [
              { mark: { type: 'point', filled: true, size: 150, opacity: 1 }, encoding: pointed },
              {
                mark: {
                  type: 'text',
                  text: label,
                  align: isLate ? 'right' : 'left',
                  dx: isLate ? -12 : 12,
                  dy: goal === 'minimize' ? 14 : -12,
                  fontWeight: 600,
                  color: theme.best,
                },
                encoding: { x, y },
              },
            ],
          },
        ],
      }
    },
  }
}

function altText({ metric, goal, trials, ranked, best, withoutValue }: ReportInput, improvements: number): string {
  const first = trials.find(hasValue)
  const way = goal === 'minimize' ? 'falls' : 'rises'
  const course =
    first && best && first.number !== best.number
      ? `It ${way} from ${formatNumber(first.value)} at trial ${first.number} to ${formatNumber(best.value)} at trial ${best.number}, in ${improvements - 1} improvements.`
      : `It is ${formatNumber(best?.value ?? 0)} from trial ${best?.number ?? 0} on.`
  const marks = withoutValue.length > 0 ? ` ${withoutValue.length} without a value are marked below the axis.` : ''
  return `Value of ${oneLine(metric, 60)} by trial, ${ranked.length} trials with a value, and the best so far as a stepped line. ${course}${marks}`
}
