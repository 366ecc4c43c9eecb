import type { TunedBest } from '../../analysis/critical-batch-size/tuned-best.ts'
import type { TargetFindings } from '../batch-sizes.ts'
import { targetName } from '../batch-sizes.ts'
import { drawable, oneLine, round } from '../format.ts'
import { logChannel } from './axes.ts'
import { FIGURE_WIDTH, type Figure } from './figure.ts'
import { tooltip } from './tooltip.ts'

const HEIGHT = 340

/** Steps against batch size, of every target: the best of each batch size, the fitted trade-off, and where it would go on to. */
export function frontierFigure(findings: readonly TargetFindings[]): Figure | undefined {
  const drawn = findings.filter(
    ({ best }) => best.known && best.value.some(({ steps }) => Number.isFinite(steps.value)),
  )
  if (drawn.length === 0) return undefined
  const points = drawn.flatMap(({ target, best }) =>
    (best.known ? best.value : []).filter(isReached).map(({ batchSize, steps }) => ({
      target: nameOf(target),
      batchSize,
      steps: round(steps.value),
      low: round(steps.low),
      high: drawable(steps.high),
    })),
  )
  const curves = drawn.flatMap(({ target, frontier }) =>
    (frontier.known ? frontier.value.curve : []).map(({ batchSize, steps }) => ({
      target: nameOf(target),
      batchSize: round(batchSize),
      steps: round(steps.value),
    })),
  )
  const perfect = drawn.flatMap(({ target, frontier }) => perfectLine(nameOf(target), frontier))
  const bends = drawn.flatMap(({ target, frontier }) => {
    if (!frontier.known) return []
    const { criticalBatch, minSteps, curve } = frontier.value
    const { value } = criticalBatch
    const isInside = value >= (curve[0]?.batchSize ?? 0) && value <= (curve.at(-1)?.batchSize ?? 0)
    return isInside ? [{ target: nameOf(target), batchSize: round(value), steps: round(2 * minSteps.value) }] : []
  })
  const [low, high] = rangeOf([...points, ...curves].map(({ steps }) => steps))
  const sizes = [...new Set(points.map(({ batchSize }) => batchSize))].sort((a, b) => a - b)
  return {
    name: 'critical-batch-size',
    alt: `Steps to ${drawn.map(({ target }) => nameOf(target)).join(', ')} against the batch size, both logarithmic: the best trial of each of ${sizes.length} batch sizes from ${sizes[0]} to ${sizes.at(-1)}, the fitted trade-off, and as dashes what it would be if steps fell in proportion.`,
    data: {
      columns: ['target', 'batch_size', 'steps', 'low', 'high'],
      rows: points.map(({ target, batchSize, steps, low, high }) => [target, batchSize, steps, low, high]),
    },
    spec: (theme) => {
      const x = logChannel('batchSize', 'batch size', [sizes[0] ?? 1, sizes.at(-1) ?? 1], sizes)
      const y = logChannel('steps', 'steps to the target', [low, high])
      const color = {
        field: 'target',
        type: 'nominal' as const,
        sort: null,
        scale: { range: [theme.complete, theme.best, theme.stopped, theme.infeasible] },
        ...(drawn.length === 1 && { legend: null }),
      }
      const about = { target: 'target', batchSize: 'batch size', steps: 'steps' }
      return {
        width: FIGURE_WIDTH,
        height: HEIGHT,
        autosize: { type: 'fit-x', contains: 'padding' },
        layer: [
          {
            data: { values: perfect },
            mark: { type: 'line', strokeDash: [4, 4], strokeWidth: 1, opacity: 0.7 },
            encoding: { x, y, color },
          },
          { data: { values: curves }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color } },
          {
            // One without end is drawn to the edge.
            data: { values: points.map((point) => ({ ...point, high: Math.min(point.high, high) })) },
            mark: { type: 'rule' },
            encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
          },
          {
            data: { values: points },
            mark: { type: 'point', filled: true, size: 60, opacity: 1 },
            encoding: { x, y, color, tooltip: tooltip(about) },
          },
          {
            data: { values: bends },
            mark: { type: 'point', shape: 'diamond', size: 180, strokeWidth: 2, filled: false, opacity: 1 },
            encoding: { x, y, color, tooltip: tooltip({ ...about, batchSize: 'critical batch size' }) },
          },
        ],
      }
    },
  }
}

/** With some room beside what is drawn. */
function rangeOf(steps: readonly number[]): [number, number] {
  return [round(Math.min(...steps) / 1.25), round(Math.max(...steps) * 1.25)]
}

const isReached = ({ steps }: TunedBest) => Number.isFinite(steps.value)
const nameOf = (target: TargetFindings['target']) => oneLine(targetName(target), 60)

/** Steps in proportion to the batch size from the smallest on, down to the fewest. */
function perfectLine(target: string, frontier: TargetFindings['frontier']) {
  if (!frontier.known) return []
  const { curve, minExamples, minSteps } = frontier.value
  const first = curve[0]?.batchSize ?? 0
  const last = Math.min(curve.at(-1)?.batchSize ?? 0, (0.9 * minExamples.value) / minSteps.value)
  if (!(minExamples.value > 0 && last > first)) return []
  return [first, last].map((batchSize) => ({
    target,
    batchSize: round(batchSize),
    steps: round(minExamples.value / batchSize),
  }))
}
