import { DynotuneError } from '../errors.ts'
import { domainSize } from '../space/value.ts'
import type { Sampler } from '../study/sampler.ts'

/** Every assignment of a finite space once: trial n is `space.at(n)`, and after the last there are no more. */
export function grid(): Sampler {
  return {
    name: 'grid',
    check({ space }) {
      const endless = space.parameters.find(({ domain }) => !Number.isFinite(domainSize(domain)))
      if (!endless) return
      throw new DynotuneError(
        'space.infinite',
        `A grid needs a finite space, and "${endless.name}" has no end of values.`,
        {
          path: `space.${endless.name}`,
          value: endless.domain,
          remedy: 'give the float a step, make it a choice, or use the sampler halton',
        },
      )
    },
    suggest({ space, trials }, count) {
      const first = trials.length
      return Array.from({ length: Math.min(count, space.size - first) }, (_, i) => space.at(first + i))
    },
  }
}
