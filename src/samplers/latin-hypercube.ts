import { z } from 'zod'
import { createRandom } from '../numerics/random.ts'
import { parseOptions } from '../study/options.ts'
import type { Sampler } from '../study/sampler.ts'
import { drawFromPoints } from './draw-from-points.ts'

/** Trials of one hypercube where neither the options nor the study say how many there are to be. */
const BLOCK = 16
/** Trials of one hypercube at most: by then intervals are as narrow as anyone could tell apart. */
const LARGEST_BLOCK = 1024

const fields = z.object({
  /** How many trials make up one hypercube, up to 1024. Default: the study's budget up to that, or 16 where it has none. */
  trials: z.int().min(1).max(LARGEST_BLOCK).optional(),
})

export type LatinHypercubeOptions = z.input<typeof fields>

/**
 * Latin hypercube samples (McKay, Beckman and Conover, Technometrics 21, 1979): the n trials fall into the n equal intervals
 * of every dimension once each, anywhere within, independently between dimensions. Trials past the n-th begin another
 * hypercube of n. Trial i depends on the study's seed, n and i alone, except that what a finite space has tried already and
 * what the study does not allow is drawn again, at random.
 * @throws DynotuneError `sampler.invalid`
 */
export function latinHypercube(options: LatinHypercubeOptions = {}): Sampler {
  const { trials } = parseOptions('sampler', 'latinHypercube', fields, options)
  // The last hypercube: a cache of a pure function, not a state.
  let cached: { readonly key: string; readonly points: readonly Float64Array[] } | undefined

  function hypercube(seed: number, block: number, size: number, dimensions: number): readonly Float64Array[] {
    const key = [seed, block, size, dimensions].join()
    if (cached?.key !== key) cached = { key, points: drawHypercube(seed, block, size, dimensions) }
    return cached.points
  }

  return {
    name: 'latinHypercube',
    suggest(view, count, stream) {
      const size = trials ?? Math.min(LARGEST_BLOCK, view.budget ?? BLOCK)
      return drawFromPoints(view, count, stream, (number) => {
        const points = hypercube(view.seed, Math.floor(number / size), size, view.space.dimensions)
        return points[number % size] ?? []
      })
    },
  }
}

/** The points of one hypercube. Each dimension has a stream of its own, so that it stays the same when there are others. */
function drawHypercube(seed: number, block: number, size: number, dimensions: number): Float64Array[] {
  const points = Array.from({ length: size }, () => new Float64Array(dimensions))
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const { permutation, next } = createRandom(seed, block, `latinHypercube/${dimension}`)
    for (const [i, interval] of permutation(size).entries()) {
      const point = points[i]
      if (point) point[dimension] = (interval + next()) / size
    }
  }
  return points
}
