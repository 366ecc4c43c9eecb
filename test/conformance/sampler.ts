import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOf } from '../../src/samplers/distinct.ts'
import { bool, choice, fixed, float, int } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import type { Sampler } from '../../src/study/sampler.ts'
import type { StudyView } from '../../src/study/view.ts'
import {
  arbitraryHistory,
  arbitraryTerms,
  earlierOf,
  type Past,
  pendingView,
  streams,
  toldView,
  viewOf,
} from '../samplers/history.ts'
import { arbitrarySpec, reversed } from '../space/arbitrary.ts'

export interface SamplerTraits {
  /** It works on finite spaces only, and has no more to suggest once it has been through one. Default: false. */
  readonly finite?: boolean
  /** Its suggestions depend on the study's seed. Default: true. */
  readonly seeded?: boolean
  /** It learns from the trials so far, instead of giving trial n what seed and n say. Default: false. */
  readonly adaptive?: boolean
  /** It goes on with the parameters of earlier trials, from their checkpoints. Default: false. */
  readonly repeats?: boolean
  /** A suggestion takes many milliseconds: properties are tried on a few examples only. Default: false. */
  readonly slow?: boolean
}

const seeds = fc.maxSafeNat()
const counts = fc.integer({ min: 1, max: 5 })

/** What every sampler must do, whatever it decides by. */
export function samplerConformance(name: string, make: () => Sampler, traits: SamplerTraits = {}): void {
  const { finite = false, seeded = true, adaptive = false, repeats = false, slow = false } = traits
  const many = { numRuns: slow ? 15 : 100 }
  /** For properties that make two samplers from scratch, which takes milliseconds in spaces of a hundred dimensions. */
  const few = { numRuns: slow ? 8 : 40 }
  const finiteSpecs = arbitrarySpec({ finite: true, depth: 2 })
  const specs = finite ? finiteSpecs : arbitrarySpec()
  const mixed = createSpace({
    rate: finite ? float(0.1, 9, { step: 0.1 }) : float(1e-4, 1, { scale: 'log' }),
    layers: int(1, 8),
    optimizer: choice({ sgd: { nesterov: bool(), decay: int(1, 100, { scale: 'log' }) }, adam: {} }),
  })
  /** Of 12 assignments. */
  const small = createSpace({
    width: int(1, 4),
    optimizer: choice({ sgd: { nesterov: bool() }, adam: {} }),
    epochs: fixed(3),
  })
  const ask = (view: StudyView, count: number, sampler = make()) => sampler.suggest(view, count, streams(view.seed))

  /** The first trials, all asked for at once, before anything is known. */
  const first = (count: number, seed: number, space: Space = mixed) => ask(viewOf(space, seed), count)

  describe(`the ${name} sampler`, () => {
    test('is called by its name, and says whether it learns', () => {
      expect(make().name).toBe(name)
      expect(make().adaptive ?? false).toBe(adaptive)
    })

    test('suggests within the space, whatever the space and whatever became of earlier trials', () => {
      fc.assert(
        fc.property(specs, arbitraryHistory, seeds, counts, (spec, history, seed, count) => {
          const space = createSpace(spec)
          const view = viewOf(space, seed, history)
          const sampler = make()
          sampler.check?.(view)
          const found = ask(view, count, sampler)
          const tried = new Set(view.trials.map(({ params }) => keyOf(params)))
          expect(found).toHaveLength(finite ? Math.min(count, space.size - tried.size) : count)
          for (const assignment of found) expect(space.contains(assignment)).toBe(true)
        }),
        many,
      )
    })

    test('suggests within the space, whatever the study looks for and knows from earlier ones', () => {
      fc.assert(
        fc.property(arbitraryTerms, arbitraryHistory, arbitraryHistory, seeds, (terms, history, before, seed) => {
          const view = viewOf(mixed, seed, history, { ...terms, earlier: earlierOf(mixed, before) })
          const sampler = make()
          sampler.check?.(view)
          const found = ask(view, 3, sampler)
          expect(found).toHaveLength(3)
          for (const assignment of found) expect(mixed.contains(assignment)).toBe(true)
          expect(sampler.explain?.(view)).not.toBe('')
          const parents = sampler.parents?.(view, 3, streams(seed)) ?? []
          for (const parent of parents) if (parent !== undefined) expect(view.trials[parent]).toBeDefined()
          if (sampler.parents) expect(parents).toHaveLength(3)
        }),
        many,
      )
    })

    test('suggests nothing when asked for nothing', () => {
      fc.assert(
        fc.property(arbitraryHistory, seeds, (history, seed) => {
          expect(ask(viewOf(mixed, seed, history), 0)).toEqual([])
        }),
        few,
      )
    })

    test('gives the same answer to the same question, used before or new', () => {
      fc.assert(
        fc.property(arbitraryHistory, arbitraryHistory, seeds, seeds, (history, other, seed, otherSeed) => {
          const view = viewOf(mixed, seed, history)
          const used = make()
          const answer = ask(view, 3, used)
          ask(viewOf(mixed, otherSeed, other), 2, used)
          expect(ask(view, 3, used)).toEqual(answer)
          expect(ask(view, 3)).toEqual(answer)
        }),
        many,
      )
    })

    // Those that go on with earlier parameters try them again on purpose.
    if (!repeats)
      test('goes through a small space without trying anything twice', () => {
        fc.assert(
          fc.property(seeds, counts, fc.boolean(), (seed, step, told) => {
            const sampler = make()
            const asked: Assignment[] = []
            const outcome = (number: number): Omit<Past, 'point'> =>
              told ? { state: number % 5 === 3 ? 'infeasible' : 'complete', value: number % 3 } : PENDING
            while (asked.length < small.size) {
              const view = toldView(small, seed, asked, outcome)
              asked.push(...ask(view, Math.min(step, small.size - asked.length), sampler))
            }
            expect(new Set(asked.map(keyOf)).size).toBe(small.size)
            const more = ask(toldView(small, seed, asked, outcome), 2, sampler)
            expect(more).toHaveLength(finite ? 0 : 2)
            for (const assignment of more) expect(small.contains(assignment)).toBe(true)
          }),
          few,
        )
      })

    if (!repeats)
      test('suggests nothing that was tried or is about to be, enqueued trials among them, while there is anything else', () => {
        fc.assert(
          fc.property(finiteSpecs, arbitraryHistory, seeds, counts, (spec, history, seed, count) => {
            const space = createSpace(spec)
            const view = viewOf(space, seed, history)
            // The code of a failed trial was at fault: its parameters may be worth another try.
            const tried = view.trials.filter(({ state }) => state !== 'failed').map(({ params }) => keyOf(params))
            const distinct = new Set([...tried, ...ask(view, count).map(keyOf)])
            expect(distinct.size).toBeGreaterThanOrEqual(
              Math.min(space.size, new Set(tried).size + (finite ? 0 : count)),
            )
          }),
          many,
        )
      })

    test('suggests what the constraints allow', () => {
      const allows = (assignment: Assignment) => checksum(assignment) % 2 === 0
      fc.assert(
        fc.property(specs, arbitraryHistory, seeds, counts, (spec, history, seed, count) => {
          const space = createSpace(spec)
          const points = randomPoints(space, seed)
          fc.pre(points.some(allows))
          for (const assignment of ask(viewOf(space, seed, history, { allows }), count)) {
            expect(allows(assignment)).toBe(true)
          }
        }),
        few,
      )
      // Nine of the twelve assignments are allowed: all of them are found, and then nothing else.
      const narrow = ({ width }: Assignment) => Number(width) !== 2
      fc.assert(
        fc.property(seeds, (seed) => {
          const found = ask(viewOf(small, seed, [], { allows: narrow }), 9)
          if (!repeats) expect(new Set(found.map(keyOf)).size).toBe(9)
          const more = ask(
            toldView(small, seed, found, () => PENDING, { allows: narrow }),
            2,
          )
          expect(more).toHaveLength(finite ? 0 : 2)
          for (const assignment of [...found, ...more]) expect(narrow(assignment)).toBe(true)
        }),
        few,
      )
    })

    test('says when the constraints allow nothing', () => {
      const nothing = expect.objectContaining({ code: 'sampler.constraints', remedy: expect.any(String) })
      for (const space of finite ? [small] : [small, mixed]) {
        expect(() => ask(viewOf(space, 1, [], { allows: () => false }), 1)).toThrow(nothing)
      }
    })

    if (seeded)
      test('suggests otherwise for another seed', () => {
        fc.assert(
          fc.property(fc.uniqueArray(seeds, { minLength: 2, maxLength: 2 }), ([a = 0, b = 0]) => {
            expect(first(10, a)).not.toEqual(first(10, b))
          }),
          few,
        )
        // The high half of a seed counts as well.
        expect(first(10, 1)).not.toEqual(first(10, 2 ** 32 + 1))
      })

    // What follows holds for samplers that do not learn.
    if (adaptive) return

    test('gives trial n what seed, n and the assignments before it say, whatever became of them', () => {
      fc.assert(
        fc.property(specs, arbitraryHistory, seeds, counts, (spec, history, seed, count) => {
          const space = createSpace(spec)
          const pending = history.map(({ point }): Past => ({ ...PENDING, point }))
          const ended = history.map((past): Past => (past.state === 'failed' ? { ...past, ...PENDING } : past))
          expect(ask(viewOf(space, seed, ended), count)).toEqual(ask(viewOf(space, seed, pending), count))
        }),
        few,
      )
    })

    if (!finite)
      test('gives trial n what seed and n say where nothing comes twice', () => {
        fc.assert(
          fc.property(arbitraryHistory, seeds, counts, (history, seed, count) => {
            const expected = first(history.length + count, seed).slice(history.length)
            expect(ask(viewOf(mixed, seed, history), count)).toEqual(expected)
          }),
          few,
        )
      })

    test('gives the same trials one at a time and in bulk', () => {
      fc.assert(
        fc.property(seeds, counts, fc.constantFrom(mixed, small), (seed, step, space) => {
          const sampler = make()
          const asked: Assignment[] = []
          while (asked.length < 15) {
            const more = ask(pendingView(space, seed, asked), step, sampler)
            if (more.length === 0) break
            asked.push(...more)
          }
          expect(asked).toEqual(first(asked.length, seed, space))
        }),
        few,
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

const PENDING: Omit<Past, 'point'> = { state: 'running', value: 0 }

/** A number that has nothing to do with where in the space an assignment is. */
function checksum(assignment: Assignment): number {
  return [...keyOf(assignment)].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 65_521, 7)
}

function randomPoints(space: Space, seed: number): Assignment[] {
  const { next } = streams(seed)(0)
  return Array.from({ length: 50 }, () => space.sample(next))
}
