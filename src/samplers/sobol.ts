import { createRandom } from '../numerics/random.ts'
import { sobolPoints } from '../numerics/sobol-points.ts'
import type { Sampler } from '../study/sampler.ts'
import { drawFromPoints } from './draw-from-points.ts'

/**
 * Scrambled Sobol points: the most even of the sequences when trials come in powers of two, of which any first n still cover
 * the space evenly, in up to 256 dimensions by the direction numbers of Joe and Kuo (2008), and beyond. Trial n depends on
 * the study's seed and n alone, except that what a finite space has tried already and what the study does not allow is drawn
 * again, at random.
 */
export function sobol(): Sampler {
  // The sequence of the last seed, which a study never changes: a cache of a pure function, not a state.
  let cached:
    | { readonly seed: number; readonly dimensions: number; readonly pointOf: (index: number) => Float64Array }
    | undefined

  function sequence(seed: number, dimensions: number): (index: number) => Float64Array {
    if (cached?.seed !== seed || cached.dimensions !== dimensions) {
      cached = { seed, dimensions, pointOf: sobolPoints(dimensions, createRandom(seed, 0, 'sobol')) }
    }
    return cached.pointOf
  }

  return {
    name: 'sobol',
    suggest(view, count, stream) {
      return drawFromPoints(view, count, stream, sequence(view.seed, view.space.dimensions))
    },
  }
}
