import type { Random } from '../../numerics/random.ts'
import type { Assignment } from '../../space/params.ts'
import type { Sampler } from '../../study/sampler.ts'
import type { StudyView } from '../../study/view.ts'
import { drawDistinct } from '../distinct.ts'
import { warmStart, withPending } from '../earlier.ts'
import { halton } from '../halton.ts'
import { badMixtures } from './bad.ts'
import { candidatesOf } from './candidates.ts'
import { earlierKernels } from './earlier.ts'
import { goodMixture } from './good.ts'
import { createHistories } from './history.ts'
import { assignmentAt } from './layout.ts'
import { sampleUniform } from './sample.ts'
import type { Split } from './split.ts'
import { isTaken, takenAmong } from './taken.ts'

/** What samplers by Parzen estimators differ in. */
export interface ParzenPlan {
  /** Points drawn from the good density for each suggestion. */
  readonly candidates: number
  /** The share of trials that are drawn evenly instead. */
  readonly random: number
  split(view: StudyView): Split
  /** The share of the trials with a value that is good. */
  readonly share: number
  /** How many trials a start has, part of which is what earlier studies found. */
  startUp(view: StudyView): number
  /** Whether the trial of a number is of the first ones, at scrambled Halton points. If so, those before it are too. */
  isFirst(view: StudyView, split: Split, number: number): boolean
}

/** Suggests where the density of the good trials is large beside that of the bad ones. */
export function parzenSuggest({
  candidates,
  random: evenly,
  split: splitOf,
  share,
  startUp,
  isFirst,
}: ParzenPlan): Sampler['suggest'] {
  const start = halton()
  // What is known of trials that do not change: a cache of a pure function, not a state.
  const bad = badMixtures()
  const historyOf = createHistories(bad.forget)

  function fromModel(
    view: StudyView,
    split: Split,
    begun: readonly Assignment[],
    count: number,
    stream: (trial: number) => Random,
  ): Assignment[] {
    const { space, trials, allows } = view
    const earlier = earlierKernels(view, share)
    const first = earlier.assignments.length
    const assignments = [...earlier.assignments, ...trials.map(({ params }) => params), ...begun]
    const own = (numbers: readonly number[]) => numbers.map((number) => first + number)
    // What has been suggested in this call is pending.
    const others = [...earlier.bad, ...own(split.bad), ...own(begun.map((_, i) => trials.length + i))]
    let history = historyOf(space, assignments)
    const taken = takenAmong(trials, first, () => history)
    const may = (point: Float64Array) =>
      (!allows || allows(assignmentAt(history.layout, point))) &&
      !(Number.isFinite(space.size) && isTaken(history, trials, first, point))
    const weights = [...earlier.weights, ...split.weights]
    const good = goodMixture(history, [...earlier.good, ...own(split.good)], weights)

    return Array.from({ length: count }, () => {
      history = historyOf(space, assignments)
      const { layout } = history
      const random = stream(assignments.length - first)
      const found =
        evenly > 0 && random.next() < evenly ? [] : candidatesOf(good, bad.of(history, others), candidates, may, random)
      const assignment = drawDistinct(view, taken, (attempt) =>
        assignmentAt(layout, found[attempt] ?? sampleUniform(layout, random)),
      )
      others.push(assignments.push(assignment) - 1)
      return assignment
    })
  }

  return (view, count, stream) => {
    const split = splitOf(view)
    const warm = warmStart(view, startUp(view), count, stream)
    let first = warm.length
    while (first < count && isFirst(view, split, view.trials.length + first)) first++
    const spread = first > warm.length ? start.suggest(withPending(view, warm), first - warm.length, stream) : []
    const begun = [...warm, ...spread]
    return first === count ? begun : [...begun, ...fromModel(view, split, begun, count - first, stream)]
  }
}
