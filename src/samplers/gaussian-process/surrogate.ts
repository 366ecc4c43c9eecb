import { isFinal, type StudyView } from '../../study/view.ts'
import { type Axis, axesOf, type Point } from '../axes.ts'
import { observe } from '../observations.ts'
import { fitModel, type Kind } from './fit.ts'
import { type Columns, columnsOf } from './inputs.ts'
import type { Model } from './likelihood.ts'
import { condition, extend, fittedMeans, type Posterior, whiten } from './posterior.ts'
import { bend, tame } from './warp.ts'

/** How the trials of a study are seen by the model. */
export interface Data {
  readonly axes: readonly Axis[]
  readonly columns: Columns
  /** Of the trials with a value, by number, every coordinate filled in. */
  readonly points: readonly Point[]
  readonly y: Float64Array
  readonly pending: readonly Point[]
  /** Those with a value and those that could not be evaluated, by number, the latter labelled 1, the others 0. */
  readonly tried: readonly Point[]
  readonly labels: Float64Array
  /** What earlier studies found, one number a column and row, with values as they would be in this study. */
  readonly earlier?: { readonly count: number; readonly rows: Float64Array; readonly y: Float64Array }
}

/** A process fitted to values at points. */
export interface Surrogate {
  /** Which of the values it was given it has seen, in the order of its rows. */
  readonly members: readonly number[]
  readonly model: Model
  readonly posterior: Posterior
  /** Warped values. */
  readonly z: Float64Array
  /** L⁻¹ z. */
  readonly white: Float64Array
  /** The mean of the process at its points, without noise. */
  readonly means: Float64Array
}

export function dataOf(view: StudyView): Data {
  const axes = axesOf(view.space)
  const { known, pending, infeasible } = observe(view, axes)
  const fill = (point: Point) => complete(axes, point)
  const points = known.map(({ point }) => fill(point))
  const numbers = new Map(known.map(({ trial }, i) => [trial.number, i]))
  const tried: Point[] = []
  const labels: number[] = []
  let next = 0
  for (const { number, state } of view.trials) {
    if (state === 'failed' || !isFinal(state)) continue
    const index = numbers.get(number)
    const point = index === undefined ? infeasible[next++] : points[index]
    if (!point) continue
    tried.push(index === undefined ? fill(point) : point)
    labels.push(index === undefined ? 1 : 0)
  }
  return {
    axes,
    columns: columnsOf(axes),
    points,
    y: tame(Float64Array.from(known, ({ y }) => y)),
    pending: pending.map(fill),
    tried,
    labels: Float64Array.from(labels),
  }
}

/** Hyperparameters are fitted again when there are so many times the values of the last fit. */
const GROWTH = 1.05
/** Values that hyperparameters are fitted to, and that a process has seen, at most: the time goes with the third power of them. */
const FITTED = 150
const SEEN = 1000

/** What hyperparameters were fitted to, and the process that has them. */
interface Fitted {
  readonly rows: Float64Array
  readonly y: Float64Array
  readonly members: readonly number[]
  readonly model: Model
  posterior: Posterior
}

/** `earlier`: how many of the values, the first ones, have been there from the beginning. Default: 0. */
export type Fitter = (columns: Columns, rows: Float64Array, y: Float64Array, earlier?: number) => Surrogate

/**
 * Fits processes. Hyperparameters are fitted to the first m values, m growing with their number by a fixed schedule, and rows
 * beyond are added to the factor one by one: what is remembered of the last call saves time and changes nothing.
 */
export function createFitter(kind: Kind = 'values'): Fitter {
  let last: Fitted | undefined

  function fitted(columns: Columns, rows: Float64Array, y: Float64Array): Fitted {
    if (last && last.posterior.isOption.length === columns.count && same(last.rows, rows) && same(last.y, y))
      return last
    const few = chosen(y, FITTED)
    const model = fitModel(columns.isOption, pick(rows, few, columns.count), pick(y, few, 1), kind)
    const members = chosen(y, SEEN)
    const seen = pick(rows, members, columns.count)
    last = { rows, y, members, model, posterior: condition(columns.isOption, model, seen, members.length) }
    return last
  }

  return (columns, rows, y, earlier = 0) => {
    const d = columns.count
    const m = earlier + scheduled(y.length - earlier)
    const base = fitted(columns, rows.slice(0, m * d), y.slice(0, m))
    const members = [...base.members, ...Array.from({ length: y.length - m }, (_, i) => m + i)]
    const seen = pick(rows, members, d)
    let { posterior } = base
    const { count } = posterior
    if (count > members.length || !same(posterior.rows.subarray(0, count * d), seen.subarray(0, count * d))) {
      posterior = condition(columns.isOption, base.model, seen, base.members.length)
    }
    for (let i = posterior.count; i < members.length; i++)
      posterior = extend(posterior, seen.subarray(i * d, (i + 1) * d))
    base.posterior = posterior
    const values = pick(y, members, 1)
    const z = new Float64Array(values.length)
    const { warp } = bend(
      values,
      values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      base.model.warp.c,
      z,
    )
    const white = whiten(posterior, z)
    return { members, model: { ...base.model, warp }, posterior, z, white, means: fittedMeans(posterior, z, white) }
  }
}

/** The last number of values at which hyperparameters are fitted: all of them while they are few. */
export function scheduled(n: number): number {
  let m = Math.min(n, 4)
  for (let next = m; next <= n; next = Math.max(m + 1, Math.floor(m * GROWTH))) m = next
  return m
}

/** At most `size` of the values: the best half, and as many of the others, evenly in time. */
function chosen(y: Float64Array, size: number): number[] {
  const all = Array.from(y.keys())
  if (y.length <= size) return all
  const order = all.sort((a, b) => (y[a] ?? 0) - (y[b] ?? 0) || a - b)
  const best = order.slice(0, size >> 1)
  const others = order.slice(size >> 1).sort((a, b) => a - b)
  const step = others.length / (size - best.length)
  return [...best, ...Array.from({ length: size - best.length }, (_, i) => others[Math.floor(i * step)] ?? 0)].sort(
    (a, b) => a - b,
  )
}

function pick(rows: Float64Array, members: readonly number[], d: number): Float64Array {
  const out = new Float64Array(members.length * d)
  members.forEach((member, i) => {
    out.set(rows.subarray(member * d, (member + 1) * d), i * d)
  })
  return out
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}

/** Gives inactive coordinates a value: where they start from when they become active. */
export function complete(axes: readonly Axis[], point: Point): Point {
  return point.map((u, k) => (Number.isNaN(u) ? (axes[k]?.kind === 'unordered' ? 0 : 0.5) : u))
}
