import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Pruner } from '../../src/study/pruner.ts'
import type { Goal } from '../../src/study/view.ts'
import {
  arbitraryStudy,
  completed,
  curveOf,
  decideLast,
  LENGTH,
  type Past,
  running,
  studyOf,
} from '../pruners/studies.ts'

export interface WarmUp {
  readonly warmupSteps?: number
  readonly warmupTrials?: number
}

export interface PrunerTraits {
  /** What it holds the best trial by: its best report, or the mean of its reports. Default: the best one. */
  readonly worth?: 'best' | 'mean'
  /** Trials compare by their numbers too, be it where they are equal, so that they cannot change places. Default: false. */
  readonly byNumber?: boolean
  /** Steps may get any other names in the same order (`order`), or be counted in another unit (`unit`). */
  readonly steps: 'order' | 'unit'
  /** It knows values to be good or bad whatever the goal. Default: false. */
  readonly absolute?: boolean
}

/** Each run decides two to five times. */
const some = { numRuns: 60 }
const goals = fc.constantFrom<Goal>('minimize', 'maximize')

/** What every pruner must do, whatever it decides by. `make` is to give one that may stop trials from the start. */
export function prunerConformance(name: string, make: (warmUp: WarmUp) => Pruner, traits: PrunerTraits): void {
  const { worth = 'best', byNumber = false, steps, absolute = false } = traits
  const eager = () => make({ warmupSteps: 0, warmupTrials: 0 })
  const worthOf = worth === 'best' ? leastOf : meanOf

  describe(`the ${name} pruner`, () => {
    test('is called by its name', () => {
      expect(eager().name).toBe(name)
    })

    test('stops a trial that gets worse while all others get better, and says why', () => {
      const others = Array.from({ length: 8 }, (_, i) => completed(values((step) => 1 / step + 0.01 * i)))
      const reports = values((step) => 3 + 0.1 * step)
      const decisions = reports
        .slice(0, -1)
        .map((_, i) => decideLast(make({}), studyOf([...others, running(reports.slice(0, i + 1))])))
      const stop = decisions.find((decision) => decision.stop)
      expect(stop).toEqual({ stop: true, because: expect.stringMatching(/^[A-Z].*\d.*[.)]$/) })
    })

    test('says the same of the same study: it writes to nothing, and a fresh one agrees', () => {
      fc.assert(
        fc.property(arbitraryStudy, goals, (past, goal) => {
          const pruner = eager()
          const first = decideLast(pruner, studyOf(past, goal))
          decideLast(pruner, studyOf(past.slice(-1), goal))
          expect(decideLast(pruner, studyOf(past, goal))).toEqual(first)
          expect(decideLast(eager(), studyOf(past, goal))).toEqual(first)
        }),
        some,
      )
    })

    test('never stops the best trial so far', () => {
      fc.assert(
        fc.property(arbitraryStudy, goals, (past, goal) => {
          const sign = goal === 'minimize' ? 1 : -1
          const worths = past.map(({ curve }) => worthOf(curve.map(({ value }) => sign * value)))
          const own = worths.at(-1)
          if (own === undefined || worths.some((other) => other !== undefined && other < own)) return
          expect(decideLast(eager(), studyOf(past, goal)).stop).toBe(false)
        }),
        some,
      )
    })

    test('stops nothing before the steps and the trials of its warm-up', () => {
      fc.assert(
        fc.property(arbitraryStudy, goals, (past, goal) => {
          const view = studyOf(past, goal)
          const step = past.at(-1)?.curve.at(-1)?.step ?? 0
          const done = past.filter(({ state }) => state === 'complete').length
          expect(decideLast(make({ warmupSteps: step + 1, warmupTrials: 0 }), view).stop).toBe(false)
          expect(decideLast(make({ warmupSteps: 0, warmupTrials: done + 1 }), view).stop).toBe(false)
          const over = make({ warmupSteps: 0, warmupTrials: done })
          expect(decideLast(over, view)).toEqual(decideLast(eager(), view))
        }),
        some,
      )
    })

    test('does not mind the order of the other trials', () => {
      fc.assert(
        fc.property(arbitraryStudy, goals, (past, goal) => {
          const view = studyOf(past, goal)
          const swapped = byNumber
            ? { ...view, trials: view.trials.toReversed() }
            : studyOf([...past.slice(0, -1).reverse(), ...past.slice(-1)], goal)
          const trial = view.trials.at(-1)
          if (trial) expect(eager().decide(trial, swapped).stop).toBe(eager().decide(trial, view).stop)
        }),
        some,
      )
    })

    test('looks at steps and not at how many reports there were', () => {
      const rename = steps === 'order' ? (step: number) => step ** 2 + 3 : (step: number) => 16 * step
      fc.assert(
        fc.property(arbitraryStudy, goals, (past, goal) => {
          const renamed = past.map((one) => ({
            ...one,
            curve: one.curve.map(({ step, value }) => ({ step: rename(step), value })),
          }))
          const decision = decideLast(eager(), studyOf(past, goal))
          expect(decideLast(eager(), studyOf(renamed, goal)).stop).toBe(decision.stop)
        }),
        some,
      )
    })

    if (!absolute)
      test('maximizes as it minimizes what is negated', () => {
        fc.assert(
          fc.property(arbitraryStudy, (past) => {
            const negated = past.map((one) => ({
              ...one,
              curve: one.curve.map(({ step, value }) => ({ step, value: -value })),
            }))
            const decision = decideLast(eager(), studyOf(past, 'minimize'))
            expect(decideLast(eager(), studyOf(negated, 'maximize')).stop).toBe(decision.stop)
          }),
          some,
        )
      })

    test('copes with trials that have no curve, or none worth the name', () => {
      const nothing: Past[] = [
        { state: 'complete', curve: [], value: 0.5 },
        { state: 'complete', curve: curveOf([Number.NaN, Number.NaN]), value: 0.25 },
        { state: 'complete', curve: curveOf([1]) },
        { state: 'complete', curve: curveOf([1, 1, 1]) },
        { state: 'infeasible', curve: curveOf([Number.POSITIVE_INFINITY]) },
        { state: 'failed', curve: [] },
        { state: 'waiting', curve: [] },
      ]
      for (const own of [[], [Number.NaN], [2], [2, 2], [2, Number.NaN, 2]]) {
        const decision = decideLast(eager(), studyOf([...nothing, running(own)]))
        expect(decision.stop === false || decision.because.length > 0).toBe(true)
      }
      expect(decideLast(eager(), studyOf([running([2, 3, 4])])).stop).toBe(false)
    })
  })
}

function values(at: (step: number) => number): number[] {
  return Array.from({ length: LENGTH }, (_, i) => at(i + 1))
}

function finiteOf(losses: readonly number[]): number[] {
  return losses.filter(Number.isFinite)
}

function leastOf(losses: readonly number[]): number | undefined {
  const finite = finiteOf(losses)
  return finite.length > 0 ? Math.min(...finite) : undefined
}

function meanOf(losses: readonly number[]): number | undefined {
  const finite = finiteOf(losses)
  return finite.length > 0 ? finite.reduce((sum, loss) => sum + loss, 0) / finite.length : undefined
}
