import type { BestOfK } from '../../analysis/search/best-of-k.ts'
import type { Outcomes } from '../../analysis/search/outcomes.ts'
import { evenly } from '../../numerics/evenly.ts'
import { drawable, formatNumber, oneLine, round } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { valueAxis } from './axes.ts'
import type { Figure } from './figure.ts'
import { trialScale } from './value-scale.ts'

const WIDTH = 300
const HEIGHT = 240
/** Steps of the distribution that are drawn. */
const STEPS = 300

/** The best of k trials by k, and the share of trials that are as good as a value, side by side on one axis of the metric. */
export function bestOfKFigure(input: ReportInput, points: readonly BestOfK[], outcomes: Outcomes): Figure {
  const metric = oneLine(input.metric, 60)
  const { values, tried } = outcomes
  const steps = evenly(
    values.map((value, index) => ({ value, share: (index + 1) / tried })),
    STEPS,
  )
  const [first, last] = [points[0], points.at(-1)]
  return {
    name: 'best-of-k',
    alt: `Left: the best ${metric} of k of the ${tried} trials by k, on average and with a band that holds 95 % of all choices, from ${formatNumber(round(first?.expected ?? 0))} for one to ${formatNumber(round(last?.expected ?? 0))} for all. Right: the share of trials that are at least as good as a value${values.length < tried ? `; it ends at ${Math.round((100 * values.length) / tried)} %, as the others have none` : ''}.`,
    data: {
      columns: ['k', 'expected', 'deviation', 'low', 'median', 'high', 'without_value'],
      rows: points.map(({ k, expected, deviation, low, median, high, none }) => [
        k,
        ...[expected, deviation, low, median, high, none].map((value) =>
          Number.isFinite(value) ? round(value) : undefined,
        ),
      ]),
    },
    spec: (theme) => {
      const scale = trialScale(input)
      const place = (value: number) => round(scale.clamp(drawable(value)))
      const y = (title: string | null) => valueAxis(scale, HEIGHT, title)
      const k = {
        field: 'k',
        type: 'quantitative' as const,
        title: 'k, of the trials',
        scale: { type: 'log' as const, domain: [1, Math.max(2, tried)], nice: false },
        axis: { format: '~s', tickCount: 5, labelOverlap: true },
      }
      const { title: _, ...yHigh } = { ...y(null), field: 'high' }
      return {
        spacing: 40,
        hconcat: [
          {
            width: WIDTH,
            height: HEIGHT,
            data: {
              values: points.map((point) => ({
                k: point.k,
                y: place(point.expected),
                low: place(point.low),
                high: place(point.high),
              })),
            },
            layer: [
              {
                mark: { type: 'area' as const, opacity: 0.25, color: theme.complete },
                encoding: { x: k, y: { ...y(`best ${metric} of k`), field: 'low' }, y2: { field: 'high' } },
              },
              {
                mark: { type: 'line' as const, strokeWidth: 2, color: theme.complete },
                encoding: { x: k, y: { ...yHigh, field: 'y' } },
              },
            ],
          },
          {
            width: WIDTH,
            height: HEIGHT,
            data: { values: steps.map(({ value, share }) => ({ y: place(value), share: round(share) })) },
            mark: { type: 'line' as const, interpolate: 'step-before' as const, strokeWidth: 2, color: theme.complete },
            encoding: {
              x: {
                field: 'share',
                type: 'quantitative' as const,
                title: 'share of the trials that are as good',
                scale: { domain: [0, 1] },
                axis: { format: '.0%', tickCount: 5 },
              },
              y: y(null),
              order: { field: 'share', type: 'quantitative' as const },
            },
          },
        ],
      }
    },
  }
}
