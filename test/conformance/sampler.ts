import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bool, choice, float, int } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import type { Sampler } from '../../src/study/sampler.ts'
import { arbitraryHistory, pendingView, streams, viewOf } from '../samplers/history.ts'
import { arbitrarySpec, reversed } from '../space/arbitrary.ts'

export interface SamplerTraits {
  /** It works on finite spaces only. Default: false. */
  readonly finite?: boolean
  /** Its suggestions depend on the study's seed. Default: true. */
  readonly seeded?: boolean
  /** It learns from the trials so far, instead of giving trial n what seed and n say. Default: false. */
  readonly adaptive?: boolean
}

const seeds = fc.maxSafeNat()
/** For properties that make two samplers from scratch, which takes milliseconds in spaces of a hundred dimensions. */
const few = { numRuns: 40 }
const counts = fc.integer({ min: 1, max: 5 })

/** What every sampler must do, whatever it decides by. */
export function samplerConformance(name: string, make: () => Sampler, traits: SamplerTraits = {}): void {
  const { finite = false, seeded = true, adaptive = false } = traits
  const specs = arbitrarySpec(finite ? { finite, depth: 2 } : {})
  const mixed = createSpace({
    rate: finite ? float(0.1, 9, { step: 0.1 }) : float(1e-4, 1, { scale: 'log' }),
    layers: int(1, 8),
    optimizer: choice({ sgd: { nesterov: bool(), decay: int(1, 100, { scale: 'log' }) }, adam: {} }),
  })

  /** The first trials, all asked for at once, before anything is known. */
  const first = (count: number, seed: number, space: Space = mixed) =>
    make().suggest(viewOf(space, seed), count, streams(seed))

  describe(`the ${name} sampler`, () => {
    test('is called by its name', () => {
      expect(make().name).toBe(name)
    })

    test('suggests within the space, whatever the space and whatever became of earlier trials', () => {
      fc.assert(
        fc.property(specs, arbitraryHistory, seeds, counts, (spec, history, seed, count) => {
          const space = createSpace(spec)
          const view = viewOf(space, seed, history)
          const sampler = make()
          sampler.check?.(view)
          const found = sampler.suggest(view, count, streams(seed))
          expect(found).toHaveLength(Math.min(count, finite ? Math.max(0, space.size - history.length) : count))
          for (const assignment of found) expect(space.contains(assignment)).toBe(true)
        }),
      )
    })

    test('suggests nothing when asked for nothing', () => {
      fc.assert(
        fc.property(arbitraryHistory, seeds, (history, seed) => {
          expect(make().suggest(viewOf(mixed, seed, history), 0, streams(seed))).toEqual([])
        }),
      )
    })

    test('gives the same answer to the same question, used before or new', () => {
      fc.assert(
        fc.property(arbitraryHistory, arbitraryHistory, seeds, seeds, (history, other, seed, otherSeed) => {
          const view = viewOf(mixed, seed, history)
          const used = make()
          const answer = used.suggest(view, 3, streams(seed))
          used.suggest(viewOf(mixed, otherSeed, other), 2, streams(otherSeed))
          expect(used.suggest(view, 3, streams(seed))).toEqual(answer)
          expect(make().suggest(view, 3, streams(seed))).toEqual(answer)
        }),
      )
    })

    if (seeded)
      test('suggests otherwise for another seed', () => {
        fc.assert(
          fc.property(fc.uniqueArray(seeds, { minLength: 2, maxLength: 2 }), ([a = 0, b = 0]) => {
            expect(first(10, a)).not.toEqual(first(10, b))
          }),
        )
        // The high half of a seed counts as well.
        expect(first(10, 1)).not.toEqual(first(10, 2 ** 32 + 1))
      })

    // What follows holds for samplers that do not learn.
    if (adaptive) return

    test('gives trial n what seed and n say, whatever became of the trials before it', () => {
      fc.assert(
        fc.property(specs, arbitraryHistory, seeds, counts, (spec, history, seed, count) => {
          const space = createSpace(spec)
          const expected = first(history.length + count, seed, space).slice(history.length)
          expect(make().suggest(viewOf(space, seed, history), count, streams(seed))).toEqual(expected)
        }),
        few,
      )
    })

    test('gives the same trials one at a time and in bulk', () => {
      fc.assert(
        fc.property(seeds, counts, (seed, step) => {
          const sampler = make()
          const asked: Assignment[] = []
          while (asked.length < 15) {
            asked.push(...sampler.suggest(pendingView(mixed, seed, asked), step, streams(seed)))
          }
          expect(asked).toEqual(first(asked.length, seed))
        }),
      )
    })

    test('does not care in which order the space is written', () => {
      fc.assert(
        fc.property(specs, seeds, (spec, seed) => {
          expect(first(6, seed, createSpace(reversed(spec)))).toEqual(first(6, seed, createSpace(spec)))
        }),
        few,
      )
    })
  })
}
