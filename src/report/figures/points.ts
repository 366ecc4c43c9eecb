import type { TrialRecord } from '../../study/record.ts'
import type { Goal } from '../../study/view.ts'
import type { ReportInput } from '../input.ts'
import type { Theme } from '../theme.ts'
import type { ValueScale } from './value-scale.ts'

/** How a trial is drawn where one mark stands for one trial. */
export type PointKind = 'best' | 'complete' | 'stopped' | 'beyond' | 'infeasible' | 'failed'

const STAR = `M${Array.from({ length: 10 }, (_, index) => {
  const radius = index % 2 === 0 ? 1.25 : 0.55
  const angle = (Math.PI * index) / 5
  return `${(radius * Math.sin(angle)).toFixed(3)},${(-radius * Math.cos(angle)).toFixed(3)}`
}).join('L')}Z`

/** Shapes as well as colours, so that a print in grey says as much. All are areas: one fill draws any of them. */
const STYLES: Record<PointKind, { label: string; shape(goal: Goal): string; color(theme: Theme): string }> = {
  best: { label: 'best', shape: () => STAR, color: (theme) => theme.best },
  complete: { label: 'complete', shape: () => 'circle', color: (theme) => theme.complete },
  stopped: { label: 'stopped early', shape: () => 'diamond', color: (theme) => theme.stopped },
  beyond: {
    label: 'beyond the axis',
    shape: (goal) => (goal === 'minimize' ? 'triangle-up' : 'triangle-down'),
    color: (theme) => theme.muted,
  },
  infeasible: { label: 'infeasible', shape: () => 'M-0.22,-1H0.22V1H-0.22Z', color: (theme) => theme.infeasible },
  failed: {
    label: 'failed',
    shape: () => 'M-1,-0.7L-0.7,-1L0,-0.3L0.7,-1L1,-0.7L0.3,0L1,0.7L0.7,1L0,0.3L-0.7,1L-1,0.7L-0.3,0Z',
    color: (theme) => theme.failed,
  },
}
const ORDER: readonly PointKind[] = ['best', 'complete', 'stopped', 'beyond', 'infeasible', 'failed']
const LINE = { label: 'best so far', shape: 'M-1.3,-0.16H1.3V0.16H-1.3Z' }

/** How a trial is drawn, or undefined while it has no outcome. */
export function kindOf(trial: TrialRecord, input: ReportInput, scale: ValueScale): PointKind | undefined {
  const { state, value } = trial
  if (state === 'infeasible' || state === 'failed') return state
  if (value === undefined || (state !== 'complete' && state !== 'stopped')) return undefined
  if (trial.number === input.best?.number) return 'best'
  return scale.beyond(value) ? 'beyond' : state
}

export function labelOf(kind: PointKind): string {
  return STYLES[kind].label
}

/** The colour and shape channels of points by `kind`, with a legend of those kinds that occur. */
export function pointEncoding(kinds: ReadonlySet<PointKind>, theme: Theme, goal: Goal, withLine = false) {
  const present = ORDER.filter((kind) => kinds.has(kind)).map((kind) => STYLES[kind])
  const line = withLine ? [LINE] : []
  const shapes = [...line.map(({ shape }) => shape), ...present.map(({ shape }) => shape(goal))]
  const field = { field: 'kind', type: 'nominal' as const, title: null }
  const domain = [...line, ...present].map(({ label }) => label)
  const colors = [...line.map(() => theme.best), ...present.map(({ color }) => color(theme))]
  return {
    color: { ...field, scale: { domain, range: colors } },
    shape: { ...field, scale: { domain, range: shapes } },
  }
}
