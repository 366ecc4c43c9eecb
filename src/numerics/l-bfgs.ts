import { createCurvaturePairs, type Place } from './curvature-pairs.ts'

/** A function to minimise: its value at `x`, and its gradient there, written into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number

export interface MinimizeOptions {
  /** The least value of each variable. Default: no bounds. */
  readonly lower?: ArrayLike<number>
  /** The largest value of each variable. Default: no bounds. */
  readonly upper?: ArrayLike<number>
  /** Default: 200. */
  readonly maxIterations?: number
  /** Ends where no component of P(x - gradient) - x is larger, P being the projection onto the bounds. Default: 1e-5. */
  readonly gradientTolerance?: number
  /** Ends when an iteration lowers the value by less, relative to it where it is above 1. Default: 1e-9. */
  readonly functionTolerance?: number
}

export interface Minimum {
  readonly x: Float64Array
  /** NaN where the start has none. */
  readonly value: number
  readonly iterations: number
  /** How often the function was evaluated. */
  readonly evaluations: number
  /** `stuck`: nothing lower was found in the direction of descent, or the start has no value. */
  readonly ended: 'gradient' | 'function' | 'iterations' | 'stuck'
}

/** Steps that the curvature is known from, as many as in L-BFGS-B. */
const MEMORY = 10
/** Sufficient decrease and curvature of a step (Nocedal and Wright, section 3.1). */
const DECREASE = 1e-4
const CURVATURE = 0.9
/** Evaluations in one direction, after which it counts as none of descent. */
const TRIES = 20
/** How near a bound a variable that is pushed against it counts as bound: for a width of 1, and at most the reach. */
const NEAR = 1e-3

/**
 * A minimum of a smooth function within bounds, downhill from `start`: limited-memory BFGS in the variables that no bound
 * holds, with steps projected onto the bounds (the two-metric projection of Bertsekas, "Projected Newton methods for
 * optimization problems with simple constraints", SIAM J. Control Optim. 20, 1982). A step to where the value or a
 * derivative is NaN or infinite counts as too far.
 * @param start values beyond a bound are moved to it
 */
export function minimize(objective: Objective, start: ArrayLike<number>, options: MinimizeOptions = {}): Minimum {
  const { maxIterations = 200, gradientTolerance = 1e-5, functionTolerance = 1e-9 } = options
  const size = start.length
  const lower = options.lower ?? new Float64Array(size).fill(Number.NEGATIVE_INFINITY)
  const upper = options.upper ?? new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  const pairs = createCurvaturePairs(size, MEMORY)
  const direction = new Float64Array(size)
  const free = new Float64Array(size)
  let here = placeOf(size)
  /** The best of the steps tried. */
  let next = placeOf(size)
  let tried = placeOf(size)
  let evaluations = 0

  function within(i: number, x: number): number {
    return Math.min(upper[i] ?? 0, Math.max(lower[i] ?? 0, x))
  }

  function evaluate(place: Place): void {
    evaluations++
    place.value = objective(place.x, place.gradient)
    let sum = place.value
    for (let i = 0; i < size; i++) sum += Math.abs(place.gradient[i] ?? 0)
    if (!Number.isFinite(sum)) place.value = Number.NaN
  }

  /** The largest component of P(x - gradient) - x. */
  function reach({ x, gradient }: Place): number {
    let most = 0
    for (let i = 0; i < size; i++) {
      most = Math.max(most, Math.abs(within(i, (x[i] ?? 0) - (gradient[i] ?? 0)) - (x[i] ?? 0)))
    }
    return most
  }

  /** Sets the direction from `here`, and says how steeply the function falls along it: below 0. `far` is the reach. */
  function aim(far: number): number {
    for (let i = 0; i < size; i++) {
      const below = (here.x[i] ?? 0) - (lower[i] ?? 0)
      const above = (upper[i] ?? 0) - (here.x[i] ?? 0)
      const slope = here.gradient[i] ?? 0
      const margin = Math.min(NEAR * Math.min(1, below + above), far)
      free[i] = (below <= margin && slope > 0) || (above <= margin && slope < 0) ? 0 : 1
    }
    pairs.direction(here.gradient, free, direction)
    const slope = slopeAt(here)
    if (slope < 0) return slope
    pairs.clear()
    pairs.direction(here.gradient, free, direction)
    return slopeAt(here)
  }

  /** The derivative at a place along the direction, of the variables that can move on. */
  function slopeAt({ x, gradient }: Place): number {
    let sum = 0
    for (let i = 0; i < size; i++) {
      const d = direction[i] ?? 0
      if (d < 0 ? (x[i] ?? 0) > (lower[i] ?? 0) : (x[i] ?? 0) < (upper[i] ?? 0)) sum += d * (gradient[i] ?? 0)
    }
    return sum
  }

  /** Looks along the direction for a place that is low enough, for `next`. False when there is none. */
  function search(slope: number): boolean {
    let found = false
    let isShrinking = false
    // Without a history the scale is unknown: a step of length 1 at most.
    let length = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1
    for (let tries = 0; tries < TRIES; tries++) {
      let hasMoved = false
      let expected = 0
      for (let i = 0; i < size; i++) {
        const x = within(i, (here.x[i] ?? 0) + length * (direction[i] ?? 0))
        tried.x[i] = x
        if (x !== here.x[i]) hasMoved = true
        expected += (x - (here.x[i] ?? 0)) * (here.gradient[i] ?? 0)
      }
      // Too short to move, or for the value to show it.
      if (!hasMoved || (isShrinking && -expected < Number.EPSILON * Math.abs(here.value))) return found
      evaluate(tried)
      const gain = tried.value - here.value
      if (expected < 0 && gain <= DECREASE * expected && !(found && tried.value >= next.value)) {
        found = true
        ;[next, tried] = [tried, next]
        const after = slopeAt(next)
        if (isShrinking || after >= CURVATURE * slope) return true
        // By the secant of the slopes, between twice and ten times as far.
        length *= Math.min(10, Math.max(2, after > slope ? slope / (slope - after) : 10))
      } else {
        if (found) return true
        isShrinking = true
        // By the parabola through both values, between a tenth and half as far.
        const share = -expected / (2 * (gain - expected))
        length *= Number.isFinite(gain) ? Math.min(0.5, Math.max(0.1, share)) : 0.2
      }
    }
    return found
  }

  function descend(): { iterations: number; ended: Minimum['ended'] } {
    for (let i = 0; i < size; i++) here.x[i] = within(i, start[i] ?? 0)
    evaluate(here)
    if (!Number.isFinite(here.value)) return { iterations: 0, ended: 'stuck' }
    for (let iterations = 0; ; iterations++) {
      const far = reach(here)
      if (far <= gradientTolerance) return { iterations, ended: 'gradient' }
      if (iterations >= maxIterations) return { iterations, ended: 'iterations' }
      if (!search(aim(far))) {
        // What is remembered of the curvature may mislead.
        if (pairs.isEmpty()) return { iterations, ended: 'stuck' }
        pairs.clear()
        continue
      }
      const gain = here.value - next.value
      const scale = Math.max(Math.abs(here.value), Math.abs(next.value), 1)
      pairs.add(here, next)
      ;[here, next] = [next, here]
      if (gain <= functionTolerance * scale) return { iterations: iterations + 1, ended: 'function' }
    }
  }

  const { iterations, ended } = descend()
  return { x: here.x, value: here.value, iterations, evaluations, ended }
}

function placeOf(size: number): Place {
  return { x: new Float64Array(size), gradient: new Float64Array(size), value: Number.NaN }
}
