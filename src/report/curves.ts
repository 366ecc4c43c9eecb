import { evenly } from '../numerics/evenly.ts'
import type { TrialRecord } from '../study/record.ts'
import { drawable } from './format.ts'
import type { ReportInput } from './input.ts'
import { sample } from './sample.ts'

/** One point of a curve; NaN and infinite values stay as they were measured. */
export interface CurvePoint {
  readonly step: number
  readonly value: number
}

/** The study's metric against the step, of one trial. */
export interface Curve {
  readonly trial: TrialRecord
  readonly points: readonly CurvePoint[]
}

/** The curves to draw, and what was left out on the way. */
export interface Curves {
  /** By trial number; curves without a point are not among them. */
  readonly curves: readonly Curve[]
  /** How many trials were looked at: the best and a sample of the others where there are many. */
  readonly read: number
  /** How many trials have begun. */
  readonly begun: number
  /** How many curves were thinned. */
  readonly thinned: number
  /** The metrics that were reported, whichever: by name. */
  readonly reported: readonly string[]
}

/** With more trials than these, the best and an even sample of the others are drawn. */
export const MAX_CURVES = 60
export const BEST_CURVES = 20
export const MAX_POINTS = 200

/** Reads the curves that are drawn. Only their measurements are read: a study of 10,000 trials has millions. */
export function readCurves(input: ReportInput): Curves {
  const begun = input.trials.filter(({ state }) => state !== 'waiting')
  const chosen = sample(begun, input.ranked.slice(0, BEST_CURVES), MAX_CURVES)
  const reported = new Set<string>()
  let thinned = 0
  const curves = chosen.flatMap((trial): Curve[] => {
    const points = input.measurements(trial.number).flatMap(({ step, metrics }): CurvePoint[] => {
      for (const name of Object.keys(metrics)) reported.add(name)
      const value = metrics[input.metric]
      return value === undefined ? [] : [{ step, value: Number.isFinite(value) ? drawable(value) : value }]
    })
    if (points.length > MAX_POINTS) thinned++
    return points.length > 0 ? [{ trial, points: thin(points, input) }] : []
  })
  return { curves, read: chosen.length, begun: begun.length, thinned, reported: [...reported].sort() }
}

/** Evenly spaced points, the last and the best of all among them. */
function thin(points: readonly CurvePoint[], { goal }: ReportInput): CurvePoint[] {
  if (points.length <= MAX_POINTS) return [...points]
  const sign = goal === 'minimize' ? 1 : -1
  const best = points.reduce((a, b) => (sign * b.value < sign * a.value || !Number.isFinite(a.value) ? b : a))
  const kept = new Set([...evenly(points, MAX_POINTS - 1), best])
  return points.filter((point) => kept.has(point))
}
