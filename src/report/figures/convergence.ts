import { type Law, lawAt } from '../../analysis/convergence/law.ts'
import { evenly } from '../../numerics/evenly.ts'
import type { StudyConvergence, TrialConvergence } from '../convergence.ts'
import { drawable, formatNumber, oneLine, round } from '../format.ts'
import type { ReportInput } from '../input.ts'
import type { Theme } from '../theme.ts'
import { logTicks, NUMBERS, valueAxis } from './axes.ts'
import { FIGURE_WIDTH, type Figure } from './figure.ts'
import { type ValueScale, valueScale } from './value-scale.ts'

/** One panel each. */
export const DRAWN_TRIALS = 4
const COLUMNS = 2
const PANEL = { width: 285, height: 170 }
const SINGLE = { width: FIGURE_WIDTH - 90, height: 240 }
const MOST_POINTS = 200
const LAW_POINTS = 60
/** From this ratio of the last step to the first, a logarithmic axis shows more. */
const DECADES = 20

const KINDS = {
  reported: (theme: Theme) => theme.complete,
  law: (theme: Theme) => theme.best,
  plateau: (theme: Theme) => theme.stopped,
  turn: (theme: Theme) => theme.infeasible,
}
type Kind = keyof typeof KINDS

interface Line {
  readonly kind: Kind
  readonly points: readonly { readonly step: number; readonly value: number }[]
}

interface Panel {
  readonly name: string
  readonly trial: number
  readonly lines: readonly Line[]
}

/** The curves of the best trials with their laws, plateaus and turns, or undefined where there is no finite value. */
export function convergenceFigure(input: ReportInput, { best }: StudyConvergence): Figure | undefined {
  const panels = best.slice(0, DRAWN_TRIALS).map((each) => panelOf(each, input))
  const curves = panels.flatMap(({ lines }) => lines.map(({ points }) => points.map(({ value }) => value)))
  const values = curves.flat().filter(Number.isFinite)
  if (values.length === 0) return undefined
  const scale = valueScale(values, input.goal)
  const steps = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(({ step }) => step)))
  const [first, last] = [Math.min(...steps), Math.max(...steps)]
  const metric = oneLine(input.metric, 60)
  const size = panels.length === 1 ? SINGLE : PANEL
  return {
    name: 'convergence',
    alt: `${metric} against the training step, one panel for each of the best ${panels.length === 1 ? 'trial' : `${panels.length} trials`}: what was reported, and what was found in it. ${panels.map(describe).join(' ')}`,
    data: {
      columns: ['trial', 'what', 'step', 'value'],
      rows: panels.flatMap(({ trial, lines }) =>
        lines.flatMap(({ kind, points }) => points.map(({ step, value }) => [trial, kind, round(step), value])),
      ),
    },
    spec: (theme) => ({
      columns: COLUMNS,
      spacing: { row: 22, column: 26 },
      concat: panels.map((panel, index) => ({
        title: panel.name,
        ...size,
        ...drawPanel(panel, { scale, first, last, size, theme, title: index % COLUMNS === 0 ? metric : null }),
      })),
    }),
  }
}

function panelOf({ trial, points, convergence }: TrialConvergence, { goal }: ReportInput): Panel {
  const { law, plateau, overfitting } = convergence
  const reported = evenly(points, MOST_POINTS).map(({ step, value }) => ({
    step,
    value: Number.isFinite(value) ? drawable(value) : value,
  }))
  const steps = reported.map(({ step }) => step)
  const last = steps.at(-1) ?? 0
  const turn = overfitting.known ? overfitting.value.turn : undefined
  const level = plateau.known ? drawable(plateau.value.level.value) : 0
  const finite = reported.map(({ value }) => value).filter(Number.isFinite)
  const ends = [Math.min(...finite), Math.max(...finite)]
  const lines: Line[] = [
    { kind: 'reported', points: reported },
    ...(law.known ? [{ kind: 'law' as const, points: lawPoints(law.value, steps) }] : []),
    ...(plateau.known
      ? [{ kind: 'plateau' as const, points: [plateau.value.since, last].map((step) => ({ step, value: level })) }]
      : []),
    ...(turn
      ? [
          {
            kind: 'turn' as const,
            points: (goal === 'minimize' ? ends : ends.reverse()).map((value) => ({ step: turn.step.value, value })),
          },
        ]
      : []),
  ]
  return { name: `trial ${trial.number}`, trial: trial.number, lines }
}

/** Spaced as on a logarithmic axis, which a linear one draws as well. */
function lawPoints(law: Law, steps: readonly number[]): { step: number; value: number }[] {
  const first = steps.find((step) => step > 0) ?? 1
  const last = steps.at(-1) ?? 1
  return Array.from({ length: LAW_POINTS }, (_, i) => {
    const step = first * (last / first) ** (i / (LAW_POINTS - 1))
    return { step, value: drawable(lawAt(law, step)) }
  })
}

interface PanelOptions {
  readonly scale: ValueScale
  readonly first: number
  readonly last: number
  readonly size: { readonly height: number }
  readonly theme: Theme
  readonly title: string | null
}

function drawPanel({ lines }: Panel, { scale, first, last, size, theme, title }: PanelOptions) {
  const isLog = first > 0 && last / first >= DECADES
  const kinds = Object.keys(KINDS).filter((kind): kind is Kind => kind in KINDS)
  const x = {
    field: 'step',
    type: 'quantitative' as const,
    title: isLog ? 'step (log)' : 'step',
    scale: {
      ...(isLog ? { type: 'log' as const } : { zero: false }),
      domain: first < last ? [first, last] : [first - 1, last + 1],
      nice: false,
    },
    axis: isLog
      ? { ...NUMBERS, values: logTicks(first, last) }
      : { format: last >= 10_000 ? '~s' : 'd', tickMinStep: 1, tickCount: 5 },
  }
  const encoding = {
    x,
    y: valueAxis(scale, size.height, title),
    color: {
      field: 'kind',
      type: 'nominal' as const,
      title: null,
      scale: { domain: kinds, range: kinds.map((kind) => KINDS[kind](theme)) },
      legend: { symbolType: 'stroke', symbolStrokeWidth: 2, symbolOpacity: 1 },
    },
  }
  return {
    layer: lines.map(({ kind, points }) => ({
      data: {
        values: points.map(({ step, value }) => ({
          ...{ kind, step: round(step), y: Number.isFinite(value) ? value : null },
        })),
      },
      mark: {
        type: 'line' as const,
        clip: true,
        ...{ strokeWidth: kind === 'reported' ? 1 : 2, opacity: kind === 'reported' ? 0.85 : 1 },
        ...(kind === 'law' && { strokeDash: [6, 3] }),
        ...(kind === 'turn' && { strokeDash: [2, 3] }),
        ...(kind === 'reported' && { point: { size: 12, filled: true } }),
      },
      encoding,
    })),
  }
}

function describe({ name, lines }: Panel): string {
  const of = (kind: Kind) => lines.find((line) => line.kind === kind)?.points
  const [plateau, turn] = [of('plateau'), of('turn')]
  const found = [
    ...(of('law') ? ['follows its law'] : []),
    ...(plateau ? [`is level from step ${formatNumber(plateau[0]?.step ?? 0)} on`] : []),
    ...(turn ? [`turns at step ${formatNumber(turn[0]?.step ?? 0)}`] : []),
  ]
  return `${name.replace('t', 'T')} ${found.length > 0 ? found.join(', ') : 'shows neither law nor plateau'}.`
}
