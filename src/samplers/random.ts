import type { Sampler } from '../study/sampler.ts'

/** Uniform and independent draws: trial n depends on the seed and n alone, and does not learn from other trials. */
export function random(): Sampler {
  return {
    name: 'random',
    suggest({ space, trials }, count, stream) {
      return Array.from({ length: count }, (_, i) => {
        const { next } = stream(trials.length + i)
        // One number a dimension, used or not: the order of the source and the branch taken change nothing.
        const point = Array.from({ length: space.dimensions }, next)
        return space.sample(({ dimension }) => point[dimension] ?? 0)
      })
    },
  }
}
