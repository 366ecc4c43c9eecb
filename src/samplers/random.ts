import type { Sampler } from '../study/sampler.ts'
import { drawDistinct, takenIn } from './distinct.ts'

/**
 * Uniform and independent draws: trial n depends on the seed and n alone, except that what a finite space has tried already
 * and what the study does not allow is drawn again. Does not learn from other trials.
 */
export function random(): Sampler {
  return {
    name: 'random',
    suggest(view, count, stream) {
      const { space, trials } = view
      const taken = takenIn(view)
      return Array.from({ length: count }, (_, i) => {
        const { next } = stream(trials.length + i)
        return drawDistinct(view, taken, () => {
          // One number a dimension, used or not: the order of the source and the branch taken change nothing.
          const point = Array.from({ length: space.dimensions }, next)
          return space.sample(({ dimension }) => point[dimension] ?? 0)
        })
      })
    },
  }
}
