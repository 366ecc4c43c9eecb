import { round } from '../format.ts'
import type { NoiseScaleRun } from '../noise-scales.ts'
import { logChannel, NUMBERS } from './axes.ts'
import { FIGURE_WIDTH, type Figure } from './figure.ts'

const HEIGHT = 260

/** The noise scale over training, of the best trial of some batch sizes. */
export function noiseScaleFigure(runs: readonly NoiseScaleRun[]): Figure | undefined {
  const values = runs.flatMap(({ batchSize, curve }) =>
    curve.points.flatMap(({ step, noiseScale }) =>
      noiseScale.value > 0 && Number.isFinite(noiseScale.value)
        ? [
            {
              batchSize: String(batchSize),
              step: round(step),
              value: round(noiseScale.value),
              low: round(Math.max(noiseScale.low, noiseScale.value / 10)),
              high: round(Math.min(noiseScale.high, noiseScale.value * 10)),
            },
          ]
        : [],
    ),
  )
  if (values.length < 2) return undefined
  const [low, high] = [Math.min(...values.map(({ low }) => low)), Math.max(...values.map(({ high }) => high))]
  const sizes = runs.map(({ batchSize }) => String(batchSize))
  return {
    name: 'noise-scale',
    alt: `The gradient noise scale over the steps of training, both logarithmic, of the best trial of batch size ${sizes.join(', ')}, with 95 % intervals.`,
    data: {
      columns: ['batch_size', 'step', 'noise_scale', 'low', 'high'],
      rows: values.map(({ batchSize, step, value, low, high }) => [batchSize, step, value, low, high]),
    },
    spec: (theme) => {
      const x = {
        field: 'step',
        type: 'quantitative' as const,
        title: 'training step',
        scale: { type: 'log' as const, nice: false },
        axis: { ...NUMBERS, labelOverlap: true, tickCount: 8 },
      }
      const y = logChannel('value', 'noise scale, examples', [low, high])
      const color = {
        field: 'batchSize',
        type: 'nominal' as const,
        sort: sizes,
        scale: { range: [theme.complete, theme.best, theme.stopped, theme.infeasible] },
        legend: { title: 'batch size' },
      }
      return {
        width: FIGURE_WIDTH,
        height: HEIGHT,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        layer: [
          {
            mark: { type: 'area', opacity: 0.15 },
            encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
          },
          { mark: { type: 'line', strokeWidth: 2, point: values.length <= 200 }, encoding: { x, y, color } },
        ],
      }
    },
  }
}
