import type { Parameter } from '../../space/space.ts'
import { plural, round } from '../format.ts'
import { coordinateOf, type RankedTrial, type ReportInput } from '../input.ts'
import { sample } from '../sample.ts'
import { FIGURE_WIDTH, type Figure } from './figure.ts'
import { optionLabels } from './option-labels.ts'
import { rowLabels, valueLabel } from './row-labels.ts'
import { tooltip } from './tooltip.ts'

const ROW = 50
/** More lines than these are a carpet. */
const LIMIT = 150
export const BEST_LINES = 30

/** One line a trial through all parameters: a row each, from low on the left to high on the right. */
export interface ParallelFigure extends Figure {
  readonly drawn: number
  readonly all: number
}

/** Parallel coordinates, or undefined where they would show nothing: fewer than two parameters, or no trial with a value. */
export function parallelFigure(input: ReportInput): ParallelFigure | undefined {
  const { ranked, best, varied } = input
  if (!best || varied.length < 2) return undefined
  // Worst first: what is drawn later lies on top.
  const drawn = sample(ranked, ranked.slice(0, BEST_LINES), LIMIT).reverse()
  const rank = new Map(ranked.map(({ number }, index) => [number, index + 1]))
  const rows = optionLabels(
    varied.map(({ name }) => name),
    22,
  )
  const lines = drawn.flatMap((trial) => lineOf(trial, rank.get(trial.number) ?? 0, varied, rows))
  const labels = varied.flatMap((parameter, index) => rowLabels(parameter, rows[index] ?? ''))
  const bestLabels = varied.flatMap((parameter, index) => valueLabel(best, parameter, rows[index] ?? ''))

  return {
    name: 'parallel',
    alt: `Parallel coordinates: one row for each of ${varied.length} parameters, low on the left and high on the right, and one line for each of ${plural(drawn.length, 'trial')}, coloured by rank. Trial ${best.number}, the best, is drawn thick, with its values.`,
    data: {
      columns: ['trial', 'rank', 'value', ...varied.map(({ name }) => name)],
      rows: [...drawn].reverse().map((trial) => [
        trial.number,
        rank.get(trial.number),
        round(trial.value),
        ...varied.map((parameter) => {
          const u = coordinateOf(trial, parameter)
          return u === undefined ? undefined : round(u)
        }),
      ]),
    },
    drawn: drawn.length,
    all: ranked.length,
    spec: (theme) => {
      const y = {
        field: 'row',
        type: 'nominal' as const,
        title: null,
        scale: { type: 'point' as const, domain: rows, padding: 0.5 },
        axis: {
          grid: true,
          gridColor: theme.muted,
          gridOpacity: 0.45,
          labelColor: theme.text,
          labelFontSize: 11,
          labelLimit: 0,
          labelPadding: 10,
        },
      }
      const x = {
        field: 'u',
        type: 'quantitative' as const,
        title: null,
        scale: { domain: [0, 1], nice: false },
        axis: null,
      }
      const color = {
        field: 'rank',
        type: 'quantitative' as const,
        title: 'rank',
        scale: { domain: [1, ranked.length], range: [...theme.ranks].reverse(), nice: false },
        legend:
          ranked.length > 2
            ? {
                type: 'gradient' as const,
                titleOrient: 'left' as const,
                values: [1, ranked.length],
                format: ',d',
                labelExpr: "datum.label + (datum.value == 1 ? ' (best)' : ' (last)')",
                labelLimit: 0,
              }
            : null,
      }
      const order = { field: 'index', type: 'quantitative' as const }
      const detail = { field: 'trial', type: 'nominal' as const }
      const about = tooltip({ trial: 'trial', rank: 'rank' })
      const isBest = `datum.trial === ${best.number}`
      const text = (kind: 'label' | 'best', align: 'left' | 'center' | 'right') => {
        const values = (kind === 'best' ? bestLabels : labels).filter((label) => label.align === align)
        const mark = {
          type: 'text' as const,
          align,
          baseline: 'middle' as const,
          dy: kind === 'best' ? -13 : 12,
          color: kind === 'best' ? theme.best : theme.muted,
          fontSize: kind === 'best' ? 11 : 10,
          fontWeight: kind === 'best' ? (600 as const) : (400 as const),
        }
        const encoding = { x, y, text: { field: 'text', type: 'nominal' as const } }
        // The first is a halo that keeps the lines away from the letters.
        return {
          data: { values },
          layer: [
            { mark: { ...mark, stroke: theme.background, strokeWidth: 4, strokeJoin: 'round' as const }, encoding },
            { mark, encoding },
          ],
        }
      }
      return {
        width: FIGURE_WIDTH,
        height: ROW * varied.length,
        autosize: { type: 'fit-x', contains: 'padding' },
        layer: [
          {
            data: { values: lines },
            transform: [{ filter: `!(${isBest})` }],
            mark: { type: 'line', strokeWidth: 1.2, opacity: 0.75 },
            encoding: { x, y, color, order, detail, tooltip: about },
          },
          {
            data: { values: lines.filter(({ alone }) => alone) },
            mark: { type: 'point', filled: true, size: 16, opacity: 0.75 },
            encoding: { x, y, color, tooltip: about },
          },
          {
            data: { values: lines },
            transform: [{ filter: isBest }],
            mark: {
              type: 'line',
              strokeWidth: 3,
              color: theme.best,
              point: { filled: true, size: 55, color: theme.best },
            },
            encoding: { x, y, order, detail, tooltip: about },
          },
          ...(['left', 'center', 'right'] as const).flatMap((align) => [text('label', align), text('best', align)]),
        ],
      }
    },
  }
}

/** A missing coordinate breaks the line: the trial's branch does not have the parameter. */
function lineOf(trial: RankedTrial, rank: number, varied: readonly Parameter[], rows: readonly string[]) {
  const coordinates = varied.map((parameter) => coordinateOf(trial, parameter))
  return coordinates.map((u, index) => ({
    trial: trial.number,
    rank,
    index,
    row: rows[index],
    u: u === undefined ? null : round(u),
    alone: u !== undefined && coordinates[index - 1] === undefined && coordinates[index + 1] === undefined,
  }))
}
