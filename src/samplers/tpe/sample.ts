import { normalQuantile } from '../../numerics/normal.ts'
import type { Random } from '../../numerics/random.ts'
import type { GoodMixture } from './good.ts'
import { indexOf, isActive, type Layout, middleOf, type Track } from './layout.ts'

/** Draws from a mixture. */
export function sampleMixture({ kernels, weights, below, above }: GoodMixture, random: Random): Float64Array {
  const { layout, centres, inverses, hit, miss } = kernels
  const dimensions = layout.tracks.length
  const k = pick(weights, random)
  return fill(layout, (track) => {
    const d = track.dimension
    const place = k * dimensions + d
    const centre = k < 0 ? Number.NaN : (centres[place] ?? Number.NaN)
    if (Number.isNaN(centre)) return uniform(track, random)
    if (track.kind === 'options') {
      const chosen = random.next() < Math.exp(hit[d] ?? 0) - Math.exp(miss[d] ?? 0)
      return chosen ? centre : random.int(track.axis.size)
    }
    // Within [0, 1], by inversion.
    const low = below[place] ?? 0
    const p = low + random.next() * (1 - (above[place] ?? 0) - low)
    const middle = track.kind === 'line' ? centre : middleOf(track, centre)
    const u = Math.min(1, Math.max(0, middle + normalQuantile(p) / (inverses[place] ?? 1)))
    return track.kind === 'line' ? u : indexOf(track, u)
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
  let total = 1
  for (const weight of weights) total += weight
  let rest = random.next() * total
  for (let k = 0; k < weights.length; k++) {
    rest -= weights[k] ?? 0
    if (rest < 0) return k
  }
  return -1
}
