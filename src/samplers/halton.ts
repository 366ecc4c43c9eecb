import { createRandom } from '../numerics/random.ts'
import type { Sampler } from '../study/sampler.ts'
import { drawFromPoints } from './draw-from-points.ts'
import { firstPrimes } from './primes.ts'
import { scrambledRadicalInverse } from './scrambled-radical-inverse.ts'

type Axis = (index: number) => number

/**
 * Scrambled Halton points, the tuning playbook's quasi-random search: any first n trials cover the space evenly, whatever n
 * turns out to be. One prime base a dimension, the smallest ones, as large ones are no better than random
 * (arXiv:1706.03200). Trial n depends on the study's seed and n alone, except that what a finite space has tried already and
 * what the study does not allow is drawn again, at random.
 */
export function halton(): Sampler {
  // The permutations of the last seed, which a study never changes: a cache of a pure function, not a state.
  let cached: { readonly seed: number; readonly axes: readonly Axis[] } | undefined

  function axesOf(seed: number, dimensions: number): readonly Axis[] {
    if (cached?.seed !== seed || cached.axes.length < dimensions) {
      const axes = firstPrimes(dimensions).map((base) =>
        scrambledRadicalInverse(base, createRandom(seed, 0, `halton/${base}`)),
      )
      cached = { seed, axes }
    }
    return cached.axes
  }

  return {
    name: 'halton',
    suggest(view, count, stream) {
      const axes = axesOf(view.seed, view.space.dimensions)
      return drawFromPoints(view, count, stream, (index) => axes.map((axis) => axis(index)))
    },
  }
}
