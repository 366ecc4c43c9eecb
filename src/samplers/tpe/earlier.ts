import { createRandom } from '../../numerics/random.ts'
import type { Assignment } from '../../space/params.ts'
import type { StudyView } from '../../study/view.ts'
import { type EarlierStudy, earlierStudies } from '../earlier/studies.ts'
import { trustedStudies } from '../earlier/trust.ts'
import { completed } from '../earlier.ts'
import { improvementWeights } from './split.ts'

/** What earlier studies add to the densities: kernels of their own, counted before the study's trials. */
export interface EarlierKernels {
  readonly assignments: readonly Assignment[]
  /** Indices of `assignments`. */
  readonly good: readonly number[]
  readonly weights: readonly number[]
  readonly bad: readonly number[]
}

/**
 * Earlier studies that agree fully are worth so many trials at first, and half of it once the study has `HALF` of its own. By
 * measurement (as for the share of a start in `../earlier.ts`, with a shifted study): 10, 30, 60 have regrets of 0.066, 0.046,
 * 0.047 with 15, and 5, 15, 40 have 0.064, 0.046, 0.050 with 30.
 */
const WORTH = 30
const HALF = 15

const NONE: EarlierKernels = { assignments: [], good: [], weights: [], bad: [] }

/** The trials of earlier studies with every parameter: a cache of a pure function. */
const filled = new WeakMap<readonly EarlierStudy[], readonly Assignment[]>()

/**
 * The best of each earlier study join the good trials, with weights, and as many of the others as its worth the bad ones,
 * which have none: evenly from good to bad.
 * @param share how much of a study is good
 */
export function earlierKernels(view: StudyView, share: number): EarlierKernels {
  const studies = earlierStudies(view)
  if (studies.length === 0) return NONE
  const good: number[] = []
  const weights: number[] = []
  const bad: number[] = []
  const worth = (WORTH * HALF) / (HALF + view.trials.length) / studies.length
  const trusted = new Map(trustedStudies(view).map(({ name, trust }) => [name, trust]))
  let first = 0
  for (const { name, trials } of studies) {
    const each = (trusted.get(name) ?? 0) * worth
    const best = Math.ceil(share * trials.length)
    const gains = improvementWeights(
      trials.slice(0, best).map(({ score }) => score),
      trials[best]?.score ?? 0,
    )
    const others = Math.min(trials.length - best, Math.round((1 - share) * each))
    for (let i = 0; each > 0 && i < best; i++) {
      good.push(first + i)
      weights.push(((gains[i] ?? 1) * share * each) / best)
    }
    for (let i = 0; i < others; i++) bad.push(first + best + Math.floor(((i + 0.5) * (trials.length - best)) / others))
    first += trials.length
  }
  return { assignments: assignmentsOf(view, studies), good, weights, bad }
}

function assignmentsOf({ space }: StudyView, studies: readonly EarlierStudy[]): readonly Assignment[] {
  const known = filled.get(studies)
  if (known) return known
  const all = studies.flatMap(({ trials }) => trials)
  const assignments = all.map(({ params }, i) => completed(space, params, createRandom(0, i, 'earlier')))
  filled.set(studies, assignments)
  return assignments
}
