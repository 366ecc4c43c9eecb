import { createRandom } from '../../numerics/random.ts'
import { isFinal, type StudyView, type TrialView } from '../../study/view.ts'
import { type Point, pointOf } from '../axes.ts'
import { lossOf } from '../observations.ts'
import { hasConverged } from './converged.ts'
import { type Distribution, type Layout, sphere } from './distribution.ts'
import { withMargin } from './margin.ts'
import { recall } from './recall.ts'
import { type Told, update } from './update.ts'

/** Where a run of the evolution stands before one of its generations. */
export interface Generation {
  /** The number of its first trial. */
  readonly first: number
  /** λ: how many trials it has. */
  readonly population: number
  readonly distribution: Distribution
  /** Restarts before it. */
  readonly restarts: number
  /** The best loss of each generation of this run so far. */
  readonly bests: readonly number[]
}

export interface Start {
  readonly layout: Layout
  readonly population: number
  readonly centre: Point
  readonly step: number
  readonly restart: 'ipop' | 'none'
}

/** A generation after which nothing changes any more: all trials before it have ended. */
interface Settled {
  readonly generation: Generation
  readonly outcomes: readonly (readonly [TrialView['params'], number])[]
}

/**
 * Recovers the evolution from a study's trials: generations are λ trials each by number, and what has ended of one makes the
 * next, so that trials that are still running delay nothing and are learned from once they have ended. What is remembered
 * between calls saves time and changes nothing.
 */
export function createReplay(): (view: StudyView, start: Start, number: number) => Generation {
  let memory: { readonly key: string; readonly settled: Settled } | undefined

  return (view, start, number) => {
    const key = JSON.stringify([
      view.space.digest,
      view.seed,
      view.goal,
      start.population,
      [...start.centre],
      start.step,
    ])
    const remembered = memory?.key === key && isPrefix(memory.settled, view) ? memory.settled : undefined
    let generation = remembered?.generation ?? begin(start, 0, 0, start.centre, start.step)
    let isSettled = true
    while (generation.first + generation.population <= number) {
      generation = next(view, start, generation)
      const before = view.trials.slice(0, generation.first)
      isSettled &&= before.length === generation.first && before.every(({ state }) => isFinal(state))
      if (isSettled) memory = { key, settled: { generation, outcomes: before.map((t) => [t.params, lossIn(view, t)]) } }
    }
    return generation
  }
}

function begin(
  { layout, population }: Start,
  first: number,
  restarts: number,
  centre: Point,
  step: number,
): Generation {
  const grown = population * 2 ** restarts
  return {
    first,
    population: grown,
    distribution: withMargin(sphere(layout, centre, step), layout, grown),
    restarts,
    bests: [],
  }
}

function next(view: StudyView, start: Start, generation: Generation): Generation {
  const { layout } = start
  const { first, population, distribution, restarts, bests } = generation
  const last = first + population
  const told = view.trials
    .slice(first, last)
    .map((trial) => ({ trial, loss: lossIn(view, trial) }))
    .filter(({ loss }) => !Number.isNaN(loss))
    .sort((a, b) => (a.loss === b.loss ? 0 : a.loss < b.loss ? -1 : 1))
  const updated = withMargin(
    update(
      distribution,
      layout,
      told.map(({ trial }) => tell(view, layout, distribution, trial)),
    ),
    layout,
    population,
  )
  const found = [...bests, ...(told[0] ? [told[0].loss] : [])]
  const losses = told.map(({ loss }) => loss)
  if (start.restart === 'ipop' && hasConverged(layout, updated, found, losses, population)) {
    const random = createRandom(view.seed, last, 'cma-es/restart')
    const centre = Float64Array.from(layout.axes, ({ kind }) => (kind === 'unordered' ? Number.NaN : random.next()))
    return begin(start, last, restarts + 1, centre, start.step)
  }
  return { first: last, population, distribution: updated, restarts, bests: found }
}

function tell(view: StudyView, layout: Layout, distribution: Distribution, { number, params }: TrialView): Told {
  const point = pointOf(layout.axes, params)
  const random = createRandom(view.seed, number, 'cma-es/recall')
  return {
    numbers: recall(distribution, layout, point, random),
    options: Float64Array.from(layout.options, (k) => point[k] ?? Number.NaN),
  }
}

/** To be minimised; worst where the parameters could not be evaluated, NaN where nothing is known of them. */
function lossIn({ goal }: StudyView, { state, value = Number.NaN }: TrialView): number {
  if (state === 'infeasible') return Number.POSITIVE_INFINITY
  if (state !== 'complete' && state !== 'stopped') return Number.NaN
  return Number.isFinite(value) ? lossOf(goal, value) : Number.POSITIVE_INFINITY
}

function isPrefix({ outcomes }: Settled, view: StudyView): boolean {
  return (
    outcomes.length <= view.trials.length &&
    outcomes.every(([params, loss], i) => {
      const trial = view.trials[i]
      return trial !== undefined && trial.params === params && Object.is(lossIn(view, trial), loss)
    })
  )
}
