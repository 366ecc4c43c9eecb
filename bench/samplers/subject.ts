import { hypervolume } from '../../src/numerics/hypervolume.ts'
import { createRandom } from '../../src/numerics/random.ts'
import type { SpaceSpec } from '../../src/space/domain.ts'
import type { AnyParams } from '../../src/space/params.ts'
import { createSpace } from '../../src/space/space.ts'
import { fingerprint } from './cache.ts'
import type { MultiProblem } from './problems/multi-objective.ts'
import type { Problem } from './problems/problem.ts'

/** What samplers are run on. */
export interface Subject {
  readonly name: string
  readonly space: SpaceSpec
  readonly objectives: number
  /** Whether parts of the space are infeasible. */
  readonly infeasible: boolean
  /** Differs where what it measures does. */
  readonly print: string
  /** For one run. Random numbers that a trial needs follow from seed and number, whoever suggests its parameters. */
  judge(seed: number): Judge
}

export interface Judge {
  /** The objectives of a trial, to be minimised; not finite where it is infeasible. */
  measure(number: number, params: AnyParams): readonly number[] | Promise<readonly number[]>
  /** After each trial how far the search has come: less is better. Null before any trial had a value. */
  readonly curve: readonly (number | null)[]
}

/** A problem, by the regret of its best trial so far: best by what was measured, with the regret counted without noise. */
export function regretOf(problem: Problem): Subject {
  const { name, space, infeasible = false, noise = 0 } = problem
  return {
    ...{ name, space, infeasible, objectives: 1 },
    print: fingerprint([createSpace(space).digest, noise, ...spread(space).map(problem.value)]),
    judge(seed) {
      const curve: (number | null)[] = []
      let best = Number.POSITIVE_INFINITY
      let regret: number | null = null
      return {
        curve,
        measure(number, params) {
          const measured = problem.evaluate(params, createRandom(seed, number, `bench/${name}`))
          if (measured < best) {
            best = measured
            regret = problem.value(params) - problem.best
          }
          curve.push(regret)
          return [measured]
        },
      }
    },
  }
}

/** A problem of several objectives, by the share of the best hypervolume that is still missing. */
export function missingVolumeOf({ name, space, objectives, evaluate, reference, best }: MultiProblem): Subject {
  return {
    ...{ name, space, objectives, infeasible: false },
    print: fingerprint([createSpace(space).digest, reference, ...spread(space).map(evaluate)]),
    judge() {
      const curve: number[] = []
      const points: (readonly number[])[] = []
      return {
        curve,
        measure(_, params) {
          const values = evaluate(params)
          points.push(values)
          curve.push(1 - hypervolume(points, reference) / best)
          return values
        },
      }
    },
  }
}

/** Parameters from all over a space. */
function spread(spec: SpaceSpec): AnyParams[] {
  const { sample, nest } = createSpace(spec)
  return Array.from({ length: 64 }, (_, i) =>
    nest(sample(({ dimension }) => (0.618 * (i + 1) * (dimension + 1.3)) % 1)),
  )
}
