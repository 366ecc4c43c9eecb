import type { Objective } from '../../study/view.ts'
import { drawable, oneLine, round } from '../format.ts'
import type { TradeOff } from '../trade-offs.ts'
import { NUMBERS, valueAxis } from './axes.ts'
import { FIGURE_WIDTH, type Figure } from './figure.ts'
import { tooltip } from './tooltip.ts'
import { valueScale } from './value-scale.ts'

const HEIGHT = 320

/** Two objectives against each other: every trial, and the front of the best trade-offs as a line. */
export function tradeOffFigure(
  found: readonly TradeOff[],
  objectives: readonly Objective[],
  vertical: number,
): Figure | undefined {
  const [across, up] = [objectives[0], objectives[vertical]]
  const front = found.filter(({ isOnFront }) => isOnFront)
  if (!across || !up || front.length === 0) return undefined
  const column = (index: number) => found.map(({ values }) => drawable(values[index] ?? 0))
  const [x, y] = [valueScale(column(0), across.goal), valueScale(column(vertical), up.goal)]
  const values = found.map(({ trial, values, isOnFront }) => ({
    trial: trial.number,
    x: round(x.clamp(drawable(values[0] ?? 0))),
    y: round(y.clamp(drawable(values[vertical] ?? 0))),
    front: isOnFront,
  }))
  const names = [across, up].map(({ metric }) => oneLine(metric, 60))
  return {
    name: vertical === 1 ? 'trade-offs' : `trade-offs-${vertical}`,
    alt: `${names[1]} against ${names[0]}, ${found.length} trials; ${front.length} of them, which no other trial beats in every objective, are joined by a line.`,
    data: {
      columns: ['trial', ...objectives.map(({ metric }) => metric), 'on_front'],
      rows: found.map(({ trial, values, isOnFront }) => [trial.number, ...values.map(round), String(isOnFront)]),
    },
    spec: (theme) => {
      const { type, domain } = valueAxis(x, FIGURE_WIDTH, null).scale
      const encoding = {
        x: {
          field: 'x',
          type: 'quantitative' as const,
          title: `${names[0]} (${across.goal})`,
          scale: { type, domain, nice: false, ...(type === 'linear' && { zero: false }) },
          axis: { ...NUMBERS, labelOverlap: true },
        },
        y: valueAxis(y, HEIGHT, `${names[1]} (${up.goal})`),
      }
      const pointed = { ...encoding, tooltip: tooltip({ trial: 'trial', x: names[0] ?? '', y: names[1] ?? '' }) }
      const isFront = [{ filter: 'datum.front' }]
      return {
        width: FIGURE_WIDTH,
        height: HEIGHT,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        layer: [
          { mark: { type: 'point', filled: true, size: 40, opacity: 0.7, color: theme.complete }, encoding: pointed },
          // With a third objective the front is a surface, which a line through two would misread.
          ...(objectives.length === 2
            ? [
                {
                  transform: isFront,
                  mark: { type: 'line' as const, strokeWidth: 2, color: theme.best },
                  encoding: { ...encoding, order: { field: 'x', type: 'quantitative' as const } },
                },
              ]
            : []),
          {
            transform: isFront,
            mark: { type: 'point', filled: true, size: 90, opacity: 1, color: theme.best },
            encoding: pointed,
          },
        ],
      }
    },
  }
}
