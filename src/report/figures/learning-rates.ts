import type { LearningRates, TunedRate } from '../../analysis/critical-batch-size/learning-rates.ts'
import { round } from '../format.ts'
import { logChannel } from './axes.ts'
import { FIGURE_WIDTH, type Figure } from './figure.ts'

const HEIGHT = 260

/** The best learning rate of each batch size, and the rules that might say how they go together. */
export function learningRatesFigure(rates: readonly TunedRate[], { rules }: LearningRates): Figure {
  const points = rates.map(({ batchSize, rate }) => ({ batchSize, rate: round(rate) }))
  const curves = rules.flatMap(({ name, curve }) =>
    curve.map(({ batchSize, rate }) => ({ rule: name, batchSize: round(batchSize), rate: round(rate) })),
  )
  const sizes = [...new Set(points.map(({ batchSize }) => batchSize))].sort((a, b) => a - b)
  const all = [...points, ...curves].map(({ rate }) => rate)
  const [low, high] = [Math.min(...all) / 1.2, Math.max(...all) * 1.2]
  return {
    name: 'learning-rates',
    alt: `The best learning rate at each of ${sizes.length} batch sizes from ${sizes[0]} to ${sizes.at(-1)}, both logarithmic, with the rules ${rules.map(({ name }) => name).join(', ')} fitted to them.`,
    data: {
      columns: ['batch_size', 'learning_rate'],
      rows: points.map(({ batchSize, rate }) => [batchSize, rate]),
    },
    spec: (theme) => {
      const x = logChannel('batchSize', 'batch size', [sizes[0] ?? 1, sizes.at(-1) ?? 1], sizes)
      const y = logChannel('rate', 'learning rate', [low, high])
      const color = {
        field: 'rule',
        type: 'nominal' as const,
        sort: null,
        scale: { range: [theme.complete, theme.best, theme.stopped, theme.infeasible] },
      }
      return {
        width: FIGURE_WIDTH,
        height: HEIGHT,
        autosize: { type: 'fit-x', contains: 'padding' },
        layer: [
          { data: { values: curves }, mark: { type: 'line', strokeWidth: 1.5 }, encoding: { x, y, color } },
          {
            data: { values: points },
            mark: { type: 'point', filled: true, size: 60, opacity: 1, color: theme.text },
            encoding: { x, y },
          },
        ],
      }
    },
  }
}
