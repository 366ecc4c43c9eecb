import type { Random } from '../../numerics/random.ts'
import { type Axis, type Point, snap } from '../axes.ts'
import { cellOf } from '../cells.ts'

/** Less than the width of any cell that matters: what is this far beyond its edge is in the next. */
const BESIDE = 1e-9

/** Chance that a child mixes two parents, rather than being the first one mutated (Deb et al. 2002, section V). */
const CROSSOVER = 0.9
/**
 * Distribution index of crossover and of mutation: the larger, the nearer children are to their parents. The paper's 20 pays
 * off over its 25,000 evaluations; over 500, 5 was ahead on ZDT1 and ZDT2 and level on ZDT3 and DTLZ2.
 */
const NEARNESS = 5

/**
 * A child of two points, a coordinate for every axis. One that is not active in a parent comes from the other, and is drawn
 * where it is in neither. Numbers are mixed by simulated binary crossover within bounds (Deb and Agrawal, Complex Systems 9,
 * 1995; its half of the cases in which a coordinate is left alone included), options by taking either parent's. One
 * coordinate in d is then mutated: numbers by a polynomial distribution (Deb and Goyal 1996), options by drawing another.
 */
export function vary(axes: readonly Axis[], a: Point, b: Point, random: Random): Point {
  const mixes = random.next() < CROSSOVER
  return Float64Array.from(axes, (axis, dimension) => {
    const [first, second] = [a[dimension] ?? Number.NaN, b[dimension] ?? Number.NaN]
    if (Number.isNaN(first) && Number.isNaN(second)) return drawn(axis, random)
    const mine = Number.isNaN(first) ? second : first
    const other = Number.isNaN(second) ? first : second
    const child = mixes ? mix(axis, random.next() < 0.5 ? [mine, other] : [other, mine], random) : mine
    return random.next() < 1 / axes.length ? mutate(axis, child, random) : child
  })
}

/** A coordinate at random. */
export function drawn(axis: Axis, random: Random): number {
  return axis.kind === 'unordered' ? random.int(axis.size) : random.next()
}

function mix(axis: Axis, [a, b]: readonly [number, number], random: Random): number {
  if (axis.kind === 'unordered' || random.next() < 0.5 || a === b) return a
  // The child on the side of `a`: its spread is cut off at the bound that lies on that side.
  const gap = Math.abs(b - a)
  const room = a < b ? a : 1 - a
  const alpha = 2 - (1 + (2 * room) / gap) ** -(NEARNESS + 1)
  const u = random.next()
  const spread = (u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha)) ** (1 / (NEARNESS + 1))
  return clamp((a + b) / 2 + (Math.sign(a - b) * spread * gap) / 2)
}

function mutate(axis: Axis, x: number, random: Random): number {
  if (axis.size < 2) return x
  if (axis.kind === 'unordered') return (x + 1 + random.int(axis.size - 1)) % axis.size
  const power = NEARNESS + 1
  const u = random.next()
  // Never past a bound: the distribution is cut off there.
  const moved =
    u < 0.5
      ? x - 1 + (2 * u + (1 - 2 * u) * (1 - x) ** power) ** (1 / power)
      : x + 1 - (2 * (1 - u) + (2 * u - 1) * x ** power) ** (1 / power)
  if (axis.kind === 'continuous') return clamp(moved)
  if (snap(axis, moved) !== snap(axis, x)) return snap(axis, moved)
  // Most moves are shorter than a step: then it is one step, or mutation would leave coarse axes alone.
  const { low, high } = cellOf(axis, x)
  const down = high === 1 || (low > 0 && moved < x)
  return snap(axis, down ? low - BESIDE : high + BESIDE)
}

function clamp(u: number): number {
  return Math.min(1, Math.max(0, u))
}
