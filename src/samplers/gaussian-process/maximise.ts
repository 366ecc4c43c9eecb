import { minimize } from '../../numerics/l-bfgs.ts'
import type { Random } from '../../numerics/random.ts'
import { type Axis, type Point, snap } from '../axes.ts'
import { type Columns, rowsOf } from './inputs.ts'
import type { Pin } from './neglected.ts'
import type { Surface } from './surface.ts'

/** The part of the space that is searched: bounds of each coordinate; options are all in it. */
export interface Box {
  readonly low: Float64Array
  readonly high: Float64Array
}

export function wholeBox(d: number): Box {
  return { low: new Float64Array(d), high: new Float64Array(d).fill(1) }
}

/** What a search is held to. */
export interface Limits {
  readonly box: Box
  readonly pin?: Pin
}

/** Points spread over the box, and around each good one: while a process has seen few rows; fewer in proportion past that. */
const SPREAD = 400
const NEAR = 25
const FEW = 250
/** Points climbed from, and how far apart they are along some axis. */
const STARTS = 4
const APART = 0.15
/** How often numbers and options take turns, and steps of L-BFGS each time. */
const ROUNDS = 3
const STEPS = 40
/** Points that were not climbed from, for when the best ones are taken already or not allowed. */
const SPARE = 60
/** Standard deviations of the points around good ones. */
const SCALES = [0.2, 0.05, 0.01, 0.002]

interface Found {
  readonly point: Point
  readonly value: number
}

/**
 * Points where a surface is high, best first: points spread over the box and scattered around known good ones, the highest
 * of which are climbed from, by L-BFGS on numbers and by trying the options and steps of the other axes in turn.
 * @param good points with every coordinate, active or not
 */
export function maximise(
  axes: readonly Axis[],
  columns: Columns,
  surface: Surface,
  limits: Limits,
  good: readonly Point[],
  random: Random,
): Point[] {
  const { box, pin } = limits
  const points: Point[] = []
  const share = Math.min(1, FEW / Math.max(1, surface.size))
  const add = (point: Point) => {
    for (let up: Axis['parent'] = pin; up; up = axes[up.dimension]?.parent) point[up.dimension] = up.option
    points.push(point)
  }
  for (let i = 0; i < SPREAD * share; i++) {
    add(Float64Array.from(axes, (axis, k) => at(axis, k, box, random.next())))
  }
  for (const centre of good) {
    for (let i = 0; i < NEAR * share; i++) add(near(axes, centre, box, SCALES[i % SCALES.length] ?? 0, random))
  }
  const values = surface.evaluateEach(rowsOf(columns, points), points.length)
  const candidates = points.map((point, i): Found => ({ point, value: values[i] ?? 0 }))
  candidates.sort((a, b) => b.value - a.value)
  const starts: Found[] = []
  for (const candidate of candidates) {
    if (starts.length >= STARTS) break
    if (starts.every(({ point }) => distance(point, candidate.point) > APART)) starts.push(candidate)
  }
  const climbed = starts.map((start) => climb(axes, columns, surface, limits, start))
  return [...climbed, ...candidates.slice(0, SPARE)].sort((a, b) => b.value - a.value).map(({ point }) => point)
}

/** A point some of whose coordinates are moved. */
function near(axes: readonly Axis[], centre: Point, box: Box, scale: number, random: Random): Point {
  const chosen = random.int(axes.length)
  return Float64Array.from(axes, (axis, k) => {
    const from = centre[k] ?? 0
    if (k !== chosen && random.next() > 0.5) return from
    if (axis.kind === 'unordered') return random.next() < 0.5 ? random.int(axis.size) : from
    const moved = clamp(from + scale * random.normal(), k, box)
    return axis.kind === 'ordered' ? snap(axis, moved) : moved
  })
}

function climb(axes: readonly Axis[], columns: Columns, surface: Surface, { box, pin }: Limits, start: Found): Found {
  const d = columns.count
  const row = new Float64Array(d)
  let best = start
  const discrete = axes.some(({ kind }) => kind !== 'continuous')
  for (let round = 0; round < (discrete ? ROUNDS : 1); round++) {
    const before = best.value
    const free = axes.flatMap(({ kind }, k) => (kind === 'continuous' && columns.isActive(best.point, k) ? [k] : []))
    if (free.length > 0) {
      const point = best.point.slice()
      const slope = new Float64Array(d)
      const found = minimize(
        (x, gradient) => {
          free.forEach((k, i) => {
            point[k] = x[i] ?? 0
          })
          columns.encode(point, row)
          slope.fill(0)
          const value = surface.evaluate(row, slope)
          free.forEach((k, i) => {
            gradient[i] = -(slope[k] ?? 0)
          })
          return -value
        },
        Float64Array.from(free, (k) => best.point[k] ?? 0),
        {
          lower: free.map((k) => box.low[k] ?? 0),
          upper: free.map((k) => box.high[k] ?? 1),
          maxIterations: STEPS,
          gradientTolerance: 1e-4,
          functionTolerance: 1e-6,
        },
      )
      if (-found.value > best.value) {
        const next = best.point.slice()
        free.forEach((k, i) => {
          next[k] = found.x[i] ?? 0
        })
        best = { point: next, value: -found.value }
      }
    }
    for (let k = 0; k < d; k++) {
      const axis = axes[k]
      if (!axis || axis.kind === 'continuous' || k === pin?.dimension || !columns.isActive(best.point, k)) continue
      for (const u of others(axis, best.point[k] ?? 0)) {
        const point = best.point.slice()
        point[k] = u
        columns.encode(point, row)
        const value = surface.evaluate(row)
        if (value > best.value) best = { point, value }
      }
    }
    if (best.value <= before + 1e-6) break
  }
  return best
}

/** The other values of an axis that are tried: all where they are few, else near ones. */
function others(axis: Axis, u: number): number[] {
  if (axis.kind === 'unordered') return Array.from({ length: axis.size }, (_, i) => i).filter((i) => i !== u)
  if (axis.size <= 16) {
    const all = new Set(Array.from({ length: axis.size }, (_, i) => snap(axis, (i + 0.5) / axis.size)))
    all.delete(u)
    return [...all]
  }
  const near = new Set([-4, -2, -1, 1, 2, 4].map((steps) => snap(axis, u + steps / axis.size)))
  near.delete(u)
  return [...near]
}

function at(axis: Axis, k: number, box: Box, u: number): number {
  if (axis.kind === 'unordered') return Math.min(axis.size - 1, Math.floor(u * axis.size))
  const low = box.low[k] ?? 0
  const inside = low + u * ((box.high[k] ?? 1) - low)
  return axis.kind === 'ordered' ? snap(axis, inside) : inside
}

function clamp(u: number, k: number, { low, high }: Box): number {
  return Math.min(high[k] ?? 1, Math.max(low[k] ?? 0, u))
}

function distance(a: Point, b: Point): number {
  let most = 0
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs((a[k] ?? 0) - (b[k] ?? 0)))
  return most
}
