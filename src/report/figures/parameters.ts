import type { Parameter } from '../../space/space.ts'
import type { Goal } from '../../study/view.ts'
import { drawable, oneLine, plural, round } from '../format.ts'
import { paramOf, type ReportInput } from '../input.ts'
import { sample } from '../sample.ts'
import type { Theme } from '../theme.ts'
import { inStrip, STRIP, valueAxis } from './axes.ts'
import { parameterAxis } from './axis.ts'
import { FIGURE_WIDTH, type Figure } from './figure.ts'
import { kindOf, labelOf, type PointKind, pointEncoding } from './points.ts'
import { tooltip } from './tooltip.ts'
import { trialScale, type ValueScale } from './value-scale.ts'

const COLUMNS = 2
const PANEL_WIDTH = 285
const PANEL_HEIGHT = 170
/** Points in the whole figure, about: shared out among the panels. */
const POINTS = 5000

/** The value of every trial against each of its parameters: one panel a parameter. */
export interface ParametersFigure extends Figure {
  readonly drawn: number
  readonly all: number
  readonly limit?: number
}

/** One panel for each varied parameter, or undefined when no trial has a value. */
export function parametersFigure(input: ReportInput): ParametersFigure | undefined {
  const { best, varied, goal } = input
  if (!best || varied.length === 0) return undefined
  const scale = trialScale(input)
  const points = input.trials.flatMap((trial) => {
    const kind = kindOf(trial, input, scale)
    return kind ? [{ trial, kind }] : []
  })
  const limit = Math.max(150, Math.min(1500, Math.floor(POINTS / varied.length)))
  const drawn = sample(
    points,
    points.filter(({ kind }) => kind === 'best'),
    limit,
  )
  const names = varied.map(({ name }) => name)

  return {
    name: 'parameters',
    alt: `${oneLine(input.metric, 60)} against each varied parameter, one panel each, for ${plural(drawn.length, 'trial')}: ${oneLine(names.join(', '), 300)}.`,
    data: {
      columns: ['trial', 'outcome', 'value', ...names],
      rows: drawn.map(({ trial }) => [
        trial.number,
        trial.state,
        trial.value === undefined ? undefined : round(trial.value),
        ...varied.map((parameter) => rounded(paramOf(trial, parameter))),
      ]),
    },
    drawn: drawn.length,
    all: points.length,
    ...(scale.limit !== undefined && { limit: scale.limit }),
    spec: (theme) => {
      const kinds = new Set(drawn.map(({ kind }) => kind))
      const isSingle = varied.length === 1
      const width = isSingle ? FIGURE_WIDTH - 90 : PANEL_WIDTH
      return {
        columns: COLUMNS,
        spacing: { row: 22, column: 26 },
        concat: varied.map((parameter, index) => ({
          width,
          height: isSingle ? 240 : PANEL_HEIGHT,
          ...panel(parameter, {
            drawn,
            scale,
            theme,
            goal,
            metric: oneLine(input.metric, 60),
            kinds,
            height: isSingle ? 240 : PANEL_HEIGHT,
            title: index % COLUMNS === 0 ? oneLine(input.metric, 60) : null,
          }),
        })),
      }
    },
  }
}

interface PanelOptions {
  readonly drawn: readonly { trial: ReportInput['trials'][number]; kind: PointKind }[]
  readonly scale: ValueScale
  readonly theme: Theme
  readonly goal: Goal
  readonly metric: string
  readonly kinds: ReadonlySet<PointKind>
  readonly height: number
  readonly title: string | null
}

function panel(parameter: Parameter, { drawn, scale, theme, goal, metric, kinds, height, title }: PanelOptions) {
  const axis = parameterAxis(parameter)
  const values = drawn.flatMap(({ trial, kind }) => {
    const value = paramOf(trial, parameter)
    if (value === undefined) return []
    const isMark = kind === 'infeasible' || kind === 'failed'
    const y = isMark ? {} : { y: scale.clamp(drawable(trial.value ?? 0)) }
    return [
      {
        trial: trial.number,
        x: axis.place(value),
        kind: labelOf(kind),
        layer: isMark || kind === 'best' ? kind : 'point',
        ...y,
      },
    ]
  })
  const x = { field: 'x', ...axis.channel, title: axis.title }
  const y = valueAxis(scale, height, title, STRIP)
  const styled = { x, y, ...pointEncoding(kinds, theme, goal) }
  const about = { trial: 'trial', kind: 'outcome', x: axis.title }
  const pointed = { ...styled, tooltip: tooltip({ ...about, y: metric }) }
  const dot = { type: 'point' as const, filled: true }
  return {
    data: { values },
    layer: [
      {
        transform: [{ filter: "datum.layer === 'point'" }],
        mark: { ...dot, size: drawn.length > 300 ? 14 : 34, opacity: 0.8 },
        encoding: pointed,
      },
      ...(['infeasible', 'failed'] as const).map((layer) => ({
        transform: [{ filter: `datum.layer === '${layer}'` }],
        mark: { ...dot, size: 50, opacity: 0.9 },
        encoding: { ...styled, y: inStrip(height, layer), tooltip: tooltip(about) },
      })),
      {
        transform: [{ filter: "datum.layer === 'best'" }],
        mark: { ...dot, size: 140, opacity: 1 },
        encoding: pointed,
      },
    ],
  }
}

function rounded(value: string | number | boolean | undefined) {
  return typeof value === 'number' ? round(value) : value
}
