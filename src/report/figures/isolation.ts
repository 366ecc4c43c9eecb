import type { Isolated } from '../../analysis/isolation.ts'
import type { Parameter } from '../../space/space.ts'
import { drawable, oneLine, round } from '../format.ts'
import type { ReportInput } from '../input.ts'
import type { Theme } from '../theme.ts'
import { valueAxis } from './axes.ts'
import { parameterAxis } from './axis.ts'
import type { Figure } from './figure.ts'
import { type ValueScale, valueScale } from './value-scale.ts'

const COLUMNS = 2
const WIDTH = 285
const HEIGHT = 150

export interface IsolatedParameter {
  readonly parameter: Parameter
  readonly found: readonly Isolated[]
}

export interface IsolationFigure extends Figure {
  /** Where the axis ends for a few very bad values. */
  readonly limit?: number
}

/** For each parameter a panel: the best trial of each value or stretch, over all that the others were. */
export function isolationFigure(input: ReportInput, parameters: readonly IsolatedParameter[]): IsolationFigure {
  const ends = parameters.flatMap(({ found }) => found.flatMap(({ value }) => (value ? [value.low, value.high] : [])))
  const scale = valueScale(ends.map(drawable), input.goal)
  const metric = oneLine(input.metric, 60)
  const names = parameters.map(({ parameter }) => parameter.name)
  return {
    name: 'isolation',
    alt: `The best ${metric} of each value, or stretch of the range, of ${parameters.length === 1 ? 'a parameter' : 'each of these parameters, one panel each'}, whatever the others were, with 95 % intervals: ${oneLine(names.join(', '), 300)}.`,
    data: {
      columns: ['parameter', 'from', 'to', 'trials', 'best_trial', 'value', 'low', 'high'],
      rows: parameters.flatMap(({ parameter, found }) =>
        found.map(({ bucket, trials, best, value }) => [
          parameter.name,
          ...bucket.ends.map((end) => (typeof end === 'number' ? round(end) : end)),
          trials,
          best,
          ...[value?.value, value?.low, value?.high].map((each) => (each === undefined ? undefined : round(each))),
        ]),
      ),
    },
    ...(scale.limit !== undefined && { limit: scale.limit }),
    spec: (theme) => ({
      columns: COLUMNS,
      spacing: { row: 22, column: 26 },
      concat: parameters.map((each, index) => panel(each, scale, theme, index % COLUMNS === 0 ? metric : null)),
    }),
  }
}

function panel({ parameter, found }: IsolatedParameter, scale: ValueScale, theme: Theme, title: string | null) {
  const axis = parameterAxis(parameter)
  const place = (value: number) => round(scale.clamp(drawable(value)))
  const values = found.flatMap(({ bucket, value }) => {
    if (!value) return []
    const [x, end] = bucket.ends.map((each) => axis.place(each))
    return [{ x, end, y: place(value.value), low: place(value.low), high: place(value.high) }]
  })
  const isStretch = found.some(({ bucket }) => bucket.value === undefined)
  const x = { field: 'x', ...axis.channel, title: axis.title }
  const y = valueAxis(scale, HEIGHT, title)
  return {
    width: WIDTH,
    height: HEIGHT,
    data: { values },
    layer: isStretch
      ? [
          {
            mark: { type: 'rect' as const, opacity: 0.25, color: theme.complete },
            encoding: { x, x2: { field: 'end' }, y: { ...y, field: 'low' }, y2: { field: 'high' } },
          },
          {
            mark: { type: 'rule' as const, strokeWidth: 2.5, color: theme.complete },
            encoding: { x, x2: { field: 'end' }, y },
          },
        ]
      : [
          {
            mark: { type: 'rule' as const, strokeWidth: 8, opacity: 0.25, color: theme.complete },
            encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
          },
          {
            mark: { type: 'point' as const, filled: true, size: 60, opacity: 1, color: theme.complete },
            encoding: { x, y },
          },
        ],
  }
}
