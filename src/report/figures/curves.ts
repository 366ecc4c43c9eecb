import type { Curve, Curves } from '../curves.ts'
import { formatNumber, oneLine, plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import type { Theme } from '../theme.ts'
import { valueAxis } from './axes.ts'
import { FIGURE_WIDTH, type Figure } from './figure.ts'
import { tooltip } from './tooltip.ts'
import { type ValueScale, valueScale } from './value-scale.ts'

const HEIGHT = 320

/** How the curve of a trial is drawn: later kinds above earlier ones. */
const KINDS = {
  'other trials': { width: 1, opacity: 0.45, dash: [1, 0], color: (theme: Theme) => theme.complete },
  'without a value': { width: 1.2, opacity: 0.8, dash: [4, 3], color: (theme: Theme) => theme.infeasible },
  'best trial': { width: 2.5, opacity: 1, dash: [1, 0], color: (theme: Theme) => theme.best },
} as const
type Kind = keyof typeof KINDS
const ORDER: readonly Kind[] = ['other trials', 'without a value', 'best trial']

/** The study's metric against the step. */
export interface CurvesFigure extends Figure {
  /** Where the axis ends for a few diverging curves. */
  readonly limit?: number
  /** How many curves leave the axis. */
  readonly beyond: number
}

/** Every curve read, or undefined where there is none with a finite value. */
export function curvesFigure(input: ReportInput, { curves }: Curves): CurvesFigure | undefined {
  const scale = scaleOf(input, curves)
  if (!scale) return undefined
  const { best } = input
  const kindOf = (number: number, state: string): Kind =>
    number === best?.number
      ? 'best trial'
      : state === 'infeasible' || state === 'failed'
        ? 'without a value'
        : 'other trials'
  const drawn = curves.map(({ trial, points }) => ({ trial, points, kind: kindOf(trial.number, trial.state) }))
  const kinds = ORDER.filter((kind) => drawn.some((curve) => curve.kind === kind))
  const steps = curves.flatMap(({ points }) => points.map(({ step }) => step))
  const first = steps.reduce((a, b) => Math.min(a, b))
  const last = steps.reduce((a, b) => Math.max(a, b))
  const metric = oneLine(input.metric, 60)

  return {
    name: 'curves',
    alt: altText(input, metric, drawn.length, first, last),
    data: {
      columns: ['trial', 'outcome', 'step', 'value'],
      rows: drawn.flatMap(({ trial, points }) =>
        points.map(({ step, value }) => [trial.number, trial.state, step, value]),
      ),
    },
    beyond: curves.filter(({ points }) => points.some(({ value }) => scale.beyond(value))).length,
    ...(scale.limit !== undefined && { limit: scale.limit }),
    spec: (theme) => {
      const x = {
        field: 'step',
        type: 'quantitative' as const,
        title: 'step',
        scale: { domain: first < last ? [first, last] : [first - 1, last + 1], nice: false, zero: false },
        axis: { format: last >= 10_000 ? '~s' : 'd', tickMinStep: 1, tickCount: 8 },
      }
      const y = valueAxis(scale, HEIGHT, metric)
      const color = {
        field: 'kind',
        type: 'nominal' as const,
        title: null,
        scale: { domain: kinds, range: kinds.map((kind) => KINDS[kind].color(theme)) },
        legend: { symbolType: 'stroke', symbolStrokeWidth: 2, symbolOpacity: 1 },
      }
      return {
        width: FIGURE_WIDTH,
        height: HEIGHT,
        autosize: { type: 'fit-x', contains: 'padding' },
        layer: kinds.map((kind) => {
          const { width, opacity, dash } = KINDS[kind]
          const lines = drawn.filter((curve) => curve.kind === kind)
          return {
            data: { values: lines.flatMap(({ trial, points }) => pathOf(trial.number, kind, points)) },
            layer: [
              {
                mark: { type: 'line', strokeWidth: width, opacity, strokeDash: [...dash], clip: true },
                // Of the whole line: which of its points is near cannot be told.
                encoding: {
                  x,
                  y,
                  color,
                  detail: { field: 'trial', type: 'nominal' },
                  tooltip: tooltip({ trial: 'trial' }),
                },
              },
              {
                // A line needs two points; a lone one would not show.
                transform: [{ filter: 'datum.alone' }],
                mark: { type: 'point', filled: true, size: 30, opacity, clip: true },
                encoding: { x, y, color, tooltip: tooltip({ trial: 'trial', step: 'step', y: metric }) },
              },
            ],
          }
        }),
      }
    },
  }
}

/** The worst values of curves that came to a value decide how far the axis reaches: others may diverge. */
function scaleOf({ goal }: ReportInput, curves: readonly Curve[]): ValueScale | undefined {
  const worst = goal === 'minimize' ? Math.max : Math.min
  const finite = curves.flatMap(({ trial, points }) => {
    const values = points.map(({ value }) => value).filter(Number.isFinite)
    return values.length > 0 ? [{ trial, values, worst: worst(...values) }] : []
  })
  if (finite.length === 0) return undefined
  const valued = finite.filter(({ trial }) => trial.value !== undefined)
  return valueScale(
    finite.flatMap(({ values }) => values),
    goal,
    (valued.length > 0 ? valued : finite).map((curve) => curve.worst),
  )
}

/** Values that are not finite break the line. */
function pathOf(trial: number, kind: Kind, points: readonly { step: number; value: number }[]) {
  const isDrawn = (index: number) => Number.isFinite(points[index]?.value)
  return points.map(({ step, value }, index) => ({
    trial,
    kind,
    step,
    y: Number.isFinite(value) ? value : null,
    alone: isDrawn(index) && !isDrawn(index - 1) && !isDrawn(index + 1),
  }))
}

function altText({ best }: ReportInput, metric: string, count: number, first: number, last: number): string {
  const steps = first < last ? `steps ${formatNumber(first)} to ${formatNumber(last)}` : `step ${formatNumber(first)}`
  const bestLine = best
    ? ` Trial ${best.number}, the best, is drawn thick and ends with ${formatNumber(best.value)}.`
    : ''
  return `${metric} against the training step, ${count === 1 ? 'the curve of one trial' : `one curve for each of ${plural(count, 'trial')}`}, over ${steps}.${bestLine}`
}
