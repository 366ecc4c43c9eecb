import type { Assignment } from '../../space/params.ts'
import type { Space } from '../../space/space.ts'
import { domainContains } from '../../space/value.ts'
import type { EarlierTrial, StudyView } from '../../study/view.ts'
import { type Axis, axesOf, type Point, pointOf } from '../axes.ts'
import { lossOf } from '../observations.ts'
import { scoresOf } from './scores.ts'

/** What one earlier study found in this study's space. */
export interface EarlierStudy {
  readonly name: string
  /** Best first, the most telling ones only. */
  readonly trials: readonly ScoredTrial[]
}

/** A trial of an earlier study, whatever that study's goal and scale. */
export interface ScoredTrial {
  /** Only parameters that this study's space has; others of it may be missing. */
  readonly params: Assignment
  /** NaN where a parameter is missing or not active. */
  readonly point: Point
  /** To be minimised, 0 for the best of its study; see `scoresOf`. */
  readonly score: number
}

/** Trials of all studies together that are learned from: as many again double the time that a Gaussian process takes. */
const MOST = 120

/** What a list of trials says in one space, which is asked for with every suggestion: a cache of a pure function. */
const known = new WeakMap<
  readonly EarlierTrial[],
  { readonly space: Space; readonly studies: readonly EarlierStudy[] }
>()

/** The earlier studies of a view that know anything of its space, in the order of their first trials. */
export function earlierStudies({ space, earlier = [] }: StudyView): readonly EarlierStudy[] {
  if (earlier.length === 0) return []
  const last = known.get(earlier)
  if (last?.space === space) return last.studies
  const axes = axesOf(space)
  const groups = [...Map.groupBy(earlier, ({ study }) => study)]
  const studies = groups
    .map(([name, trials]) => ({ name, trials: scored(space, axes, trials, Math.ceil(MOST / groups.length)) }))
    .filter(({ trials }) => trials.length > 0)
  known.set(earlier, { space, studies })
  return studies
}

function scored(
  space: Space,
  axes: readonly Axis[],
  trials: readonly EarlierTrial[],
  most: number,
): readonly ScoredTrial[] {
  const usable = trials
    .filter(({ value }) => Number.isFinite(value))
    .map(({ goal, params, value }) => ({ params: shared(space, params), loss: lossOf(goal, value) }))
    .filter(({ params }) => axes.some(({ parameter }) => params[parameter.name] !== undefined))
  const scores = scoresOf(usable.map(({ loss }) => loss))
  const ordered = usable
    .map(({ params }, i): ScoredTrial => ({ params, point: pointOf(axes, params), score: scores[i] ?? 0 }))
    .sort((a, b) => a.score - b.score)
  return mostTelling(ordered, most)
}

/** So many of some trials, best first: the best half of that, and the others evenly by rank. */
export function mostTelling<T>(trials: readonly T[], most: number): readonly T[] {
  if (trials.length <= most) return trials
  const half = most >> 1
  const step = (trials.length - half) / (most - half)
  const isTelling = (i: number) => i < half || Math.floor((i - half + 1) / step) > Math.floor((i - half) / step)
  return trials.filter((_, i) => isTelling(i))
}

/** The parameters that a space has, with a value that it has. */
function shared(space: Space, params: Assignment): Assignment {
  return Object.fromEntries(
    Object.entries(params).filter(([name, value]) => {
      const domain = space.parameter(name)?.domain
      return domain !== undefined && domainContains(domain, value)
    }),
  )
}
