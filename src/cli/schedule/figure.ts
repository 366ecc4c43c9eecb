import { logTicks, NUMBERS } from '../../report/figures/axes.ts'
import { FIGURE_WIDTH, type Figure } from '../../report/figures/figure.ts'
import { oneLine, round } from '../../report/format.ts'
import { columnsOf, rangeOf, type Series } from './series.ts'

const HEIGHT = 320
const DASHES = [
  [1, 0],
  [6, 4],
  [2, 3],
]

/** Schedules against the step, drawn as the report draws its figures. */
export function scheduleFigure(series: readonly Series[], isLog: boolean): Figure {
  const steps = (series[0]?.values.length ?? 1) - 1
  const { low, high } = rangeOf(series, isLog)
  const labels = series.map(({ label }) => oneLine(label, 100))
  const points = series.flatMap(({ values }, i) =>
    stepsOf(values).map((step) => ({ schedule: labels[i] ?? '', step, value: round(values[step] ?? 0) })),
  )
  return {
    name: 'schedules',
    alt: `The values of ${labels.join(', ')} at the steps 0 to ${steps}.`,
    data: {
      columns: ['schedule', 'step', 'value'],
      rows: points.map(({ schedule, step, value }) => [schedule, step, value]),
    },
    spec(theme) {
      const colours = [theme.complete, theme.best, theme.stopped, theme.infeasible, theme.muted]
      const legend = { columns: 1, labelLimit: FIGURE_WIDTH - 60, symbolType: 'stroke', symbolStrokeWidth: 2 }
      return {
        width: FIGURE_WIDTH,
        height: HEIGHT,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values: points.map((point) => ({ ...point, y: isLog && point.value <= 0 ? null : point.value })) },
        mark: { type: 'line', strokeWidth: 2, interpolate: 'step-after' },
        encoding: {
          x: {
            field: 'step',
            type: 'quantitative',
            scale: { domain: [0, steps], nice: false },
            axis: { format: steps >= 10_000 ? '~s' : 'd', tickMinStep: 1, tickCount: 8 },
          },
          y: {
            field: 'y',
            type: 'quantitative',
            title: null,
            scale: { type: isLog ? 'log' : 'linear', domain: [low, high], nice: false },
            axis: { ...NUMBERS, tickCount: 6, ...(isLog && { values: logTicks(low, high) }) },
          },
          color: {
            field: 'schedule',
            type: 'nominal',
            scale: { domain: labels, range: labels.map((_, i) => colours[i % colours.length] ?? theme.text) },
            legend,
          },
          strokeDash: {
            field: 'schedule',
            type: 'nominal',
            scale: {
              domain: labels,
              range: labels.map((_, i) => DASHES[Math.floor(i / colours.length) % DASHES.length] ?? [1, 0]),
            },
            legend,
          },
        },
      }
    },
  }
}

/** The steps that are drawn: all, or of each pixel that many share the first, the lowest, the highest and the last. */
function stepsOf(values: Float64Array): number[] {
  if (values.length <= FIGURE_WIDTH) return [...values.keys()]
  const drawn = columnsOf(values, FIGURE_WIDTH).flatMap(({ from, to, lowest, highest }) => [from, lowest, highest, to])
  return [...new Set(drawn)].sort((a, b) => a - b)
}
