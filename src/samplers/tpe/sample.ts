import { normalCdf, normalQuantile } from '../../numerics/normal.ts'
import type { Random } from '../../numerics/random.ts'
import { indexOf, isActive, type Layout, middleOf, type Track } from './layout.ts'
import type { Mixture } from './mixture.ts'

/** Draws from a mixture whose kernels have these weights, in their order, and the prior 1. */
export function sampleMixture({ kernels }: Mixture, weights: readonly number[], random: Random): Float64Array {
  const { layout, centres, inverses, hit, miss } = kernels
  const dimensions = layout.tracks.length
  const k = pick(weights, random)
  return fill(layout, (track) => {
    const d = track.dimension
    const centre = k < 0 ? Number.NaN : (centres[k * dimensions + d] ?? Number.NaN)
    if (Number.isNaN(centre)) return uniform(track, random)
    if (track.kind === 'options') {
      const chosen = random.next() < Math.exp(hit[d] ?? 0) - Math.exp(miss[d] ?? 0)
      return chosen ? centre : random.int(track.axis.size)
    }
    const inverse = inverses[k * dimensions + d] ?? 1
    if (track.kind === 'line') return truncatedNormal(centre, inverse, random)
    return indexOf(track, truncatedNormal(middleOf(track, centre), inverse, random))
  })
}

/** A point drawn evenly. */
export function sampleUniform(layout: Layout, random: Random): Float64Array {
  return fill(layout, (track) => uniform(track, random))
}

function fill(layout: Layout, draw: (track: Track) => number): Float64Array {
  const point = new Float64Array(layout.tracks.length).fill(Number.NaN)
  for (const track of layout.outward) if (isActive(track.axis, point)) point[track.dimension] = draw(track)
  return point
}

function uniform(track: Track, random: Random): number {
  if (track.kind === 'options') return random.int(track.axis.size)
  return track.kind === 'line' ? random.next() : indexOf(track, random.next())
}

/** The kernel that a draw falls to, -1 for the prior. */
function pick(weights: readonly number[], random: Random): number {
  let rest = random.next() * weights.reduce((sum, weight) => sum + weight, 1)
  return weights.findIndex((weight) => {
    rest -= weight
    return rest < 0
  })
}

/** Around a centre with 1 / width `inverse`, within [0, 1], by inversion. */
function truncatedNormal(centre: number, inverse: number, random: Random): number {
  const low = normalCdf(-centre * inverse)
  const high = normalCdf((1 - centre) * inverse)
  const u = centre + normalQuantile(low + random.next() * (high - low)) / inverse
  return Math.min(1, Math.max(0, u))
}
