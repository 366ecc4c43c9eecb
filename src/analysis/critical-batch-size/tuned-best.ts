import { type BootstrapOptions, bootstrapInterval, resample } from '../../numerics/bootstrap.ts'
import type { Random } from '../../numerics/random.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { type FrontierPoint, faultOf } from './frontier-point.ts'

/** A run of a search at one batch size. */
export interface TunedRun extends FrontierPoint {
  /** What was tried: runs that share it differ in their seed only. Default: each run is of its own. */
  readonly configuration?: string | number
}

export interface TunedBest {
  readonly batchSize: number
  /** Median over the seeds of the configuration with the lowest one. Infinite where half its runs or more missed the goal. */
  readonly steps: Estimate
  /** The winner's runs: points of the frontier. */
  readonly runs: readonly FrontierPoint[]
  readonly configuration: string | number | undefined
  /** How many were tried, and how many reached the goal. */
  readonly tried: number
  readonly reached: number
  /**
   * What half as many trials would have found, as a multiple of the steps: the geometric mean over all halves that reach
   * the goal. Well above 1 where the best was luck.
   */
  readonly half: number
}

/** A configuration with the median steps of its runs. */
interface Candidate {
  readonly runs: readonly TunedRun[]
  readonly steps: number
}

/**
 * The best of the configurations that were tried at each batch size, by ascending batch size. The interval is the bootstrap's,
 * over configurations and over the seeds of each. Its low end is no lower than the best run: the bootstrap cannot know what a
 * longer search would have found, which `half` gives an idea of. It takes seeds of the winner to see that the best of many is
 * lucky beside its own repetition.
 */
export function tunedBest(trials: readonly TunedRun[], options: BootstrapOptions = {}): Finding<TunedBest[]> {
  const fault = trials.map(faultOf).find((each) => each !== undefined)
  if (fault !== undefined) return unknown(fault)
  if (trials.length === 0) return unknown('There are no runs.')
  const groups = [...Map.groupBy(trials, ({ batchSize }) => batchSize)].sort(([a], [b]) => a - b)
  return known(groups.map(([batchSize, runs]) => bestOf(batchSize, runs, options)))
}

function bestOf(batchSize: number, trials: readonly TunedRun[], options: BootstrapOptions): TunedBest {
  const candidates = [...Map.groupBy(trials, (trial) => trial.configuration ?? trial).values()]
    .map((runs): Candidate => ({ runs, steps: medianSteps(runs) }))
    .sort((a, b) => (a.steps < b.steps ? -1 : a.steps > b.steps ? 1 : 0))
  const draw = (random: Random) =>
    resample(candidates, random).reduce(
      (least, { runs, steps }) => Math.min(least, runs.length > 1 ? medianSteps(resample(runs, random)) : steps),
      Number.POSITIVE_INFINITY,
    )
  const [low, high] = bootstrapInterval(draw, options)
  const [winner = { runs: [], steps: Number.POSITIVE_INFINITY }] = candidates
  return {
    batchSize,
    steps: { value: winner.steps, low, high },
    runs: winner.runs,
    configuration: winner.runs[0]?.configuration,
    tried: candidates.length,
    reached: candidates.filter(({ steps }) => Number.isFinite(steps)).length,
    half: halfAsMany(candidates.map(({ steps }) => steps)),
  }
}

/** In log, so that the middle of two is their geometric mean. */
function medianSteps(runs: readonly TunedRun[]): number {
  const sorted = runs.map(({ steps }) => steps).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low === high ? low : Math.sqrt(low) * Math.sqrt(high)
}

/**
 * The geometric mean, over all halves, of the least of a half over the least of all. The chance that the i-th of n is the least
 * of m that are drawn is C(n - i - 1, m - 1) / C(n, m), i from 0. NaN where nothing is finite.
 */
function halfAsMany(sorted: readonly number[]): number {
  const count = sorted.length
  const half = Math.ceil(count / 2)
  let chance = half / count
  let [sum, total] = [0, 0]
  for (const [i, steps] of sorted.entries()) {
    if (!Number.isFinite(steps)) break
    sum += chance * Math.log(steps / (sorted[0] ?? steps))
    total += chance
    chance *= (count - i - half) / (count - i - 1 || 1)
  }
  return Math.exp(sum / total)
}
