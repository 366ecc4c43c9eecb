import { createRandom } from '../../numerics/random.ts'
import { wilsonInterval } from '../../numerics/wilson.ts'
import { axesOf, type Point } from '../../samplers/axes.ts'
import { observe } from '../../samplers/observations.ts'
import type { Scalar } from '../../space/domain.ts'
import { domainFromUnit } from '../../space/value.ts'
import type { StudyView } from '../../study/view.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { thin } from '../thin.ts'

/** Infeasible trials among others, with the 95 % interval of their share (Wilson). */
export interface InfeasibleShare {
  readonly infeasible: number
  readonly of: number
  readonly share: Estimate
}

/** Infeasible trials gathered on one side of a value of a parameter. */
export interface Concentration {
  readonly parameter: string
  /** The side of `at` on which more trials are infeasible. */
  readonly side: 'above' | 'below'
  readonly at: Scalar
  readonly beyond: InfeasibleShare
  readonly within: InfeasibleShare
  /** The probability of a difference as large, at any value of any parameter, if none mattered. */
  readonly chance: number
  /** Whether the best five trials lie, in the middle, within a tenth of the scale of `at`: a better one may lie beyond. */
  readonly bestAtEdge: boolean
}

export interface Infeasibility extends InfeasibleShare {
  /** Those with a chance below 5 %, the strongest first. */
  readonly concentrations: readonly Concentration[]
}

const LEAST_OF_EACH = 3
const MOST_TRIALS = 1000
const PERMUTATIONS = 999
const BEST = 5
const EDGE = 0.1

/**
 * How many trials were infeasible, and whether beyond some value of a parameter: where that is a learning rate with the best
 * trials just below it, training is unstable there, and warmup or clipping would let it go higher (tuning playbook). The value
 * is the one at which the shares on its two sides differ most by a chi-square, and the chance that of permuted outcomes having
 * such a difference anywhere (maximally selected chi-square: Miller and Siegmund, Biometrics 38, 1982; over all parameters
 * together: Westfall and Young 1993). Of more than 1000 trials a random sample is tested. Failed trials do not count.
 */
export function infeasibility(view: StudyView): Finding<Infeasibility> {
  const axes = axesOf(view.space)
  const { known: valued, infeasible } = observe(view, axes)
  const all = [...valued.map(({ point }) => ({ point, isBad: 0 })), ...infeasible.map((point) => ({ point, isBad: 1 }))]
  if (all.length === 0) return unknown('No trial has ended with an outcome that follows from its parameters.')
  const tested = thin(all, MOST_TRIALS, view.seed, 'infeasible thin')
  const bad = Uint8Array.from(tested, ({ isBad }) => isBad)
  const count = bad.reduce((sum, isBad) => sum + isBad, 0)
  const whole = shareOf(infeasible.length, all.length)
  if (count < LEAST_OF_EACH || tested.length - count < LEAST_OF_EACH) return known({ ...whole, concentrations: [] })

  const columns = axes.flatMap((axis, dimension) =>
    axis.kind === 'unordered' ? [] : [{ axis, dimension, order: orderedBy(tested, dimension) }],
  )
  const random = createRandom(view.seed, 0, 'infeasible permutations')
  const largest = Array.from({ length: PERMUTATIONS }, () => {
    const shuffled = Uint8Array.from(random.permutation(bad.length), (index) => bad[index] ?? 0)
    return columns.reduce((most, { order }) => Math.max(most, bestCut(order, shuffled)?.score ?? 0), 0)
  })
  const best = [...valued].sort((a, b) => a.y - b.y).slice(0, BEST)
  const found = columns.flatMap(({ axis, dimension, order }) => {
    const cut = bestCut(order, bad)
    if (!cut) return []
    const chance = (1 + largest.filter((score) => score >= cut.score).length) / (PERMUTATIONS + 1)
    if (chance >= 0.05) return []
    const isBeyond = (point: Point) => (cut.side === 'above') === (point[dimension] ?? 0) > cut.at
    const having = all.filter(({ point }) => !Number.isNaN(point[dimension]))
    const shareWhere = (isIn: (point: Point) => boolean) => {
      const trials = having.filter(({ point }) => isIn(point))
      return shareOf(trials.filter(({ isBad }) => isBad === 1).length, trials.length)
    }
    const distances = best
      .map(({ point }) => Math.abs((point[dimension] ?? Number.NaN) - cut.at))
      .filter((distance) => !Number.isNaN(distance))
      .sort((a, b) => a - b)
    const concentration: Concentration = {
      parameter: axis.parameter.name,
      side: cut.side,
      at: domainFromUnit(axis.parameter.domain, cut.at),
      beyond: shareWhere(isBeyond),
      within: shareWhere((point) => !isBeyond(point)),
      chance,
      bestAtEdge: (distances[distances.length >> 1] ?? 1) <= EDGE,
    }
    return [{ score: cut.score, concentration }]
  })
  found.sort((a, b) => b.score - a.score)
  return known({ ...whole, concentrations: found.map(({ concentration }) => concentration) })
}

interface Ordered {
  /** The trials that have the parameter, by index, ascending along it; and where each is. */
  readonly trials: Int32Array
  readonly places: Float64Array
}

function orderedBy(tested: readonly { readonly point: Point }[], dimension: number): Ordered {
  const place = (trial: number) => tested[trial]?.point[dimension] ?? Number.NaN
  const trials = Int32Array.from([...tested.keys()].filter((trial) => !Number.isNaN(place(trial))))
  trials.sort((a, b) => place(a) - place(b))
  return { trials, places: Float64Array.from(trials, place) }
}

/** The place between two trials at which the shares of bad ones below and above it differ most. */
function bestCut({ trials, places }: Ordered, bad: Uint8Array) {
  let all = 0
  for (let i = 0; i < trials.length; i++) all += bad[trials[i] ?? 0] ?? 0
  const rate = all / trials.length
  const scale = (rate * (1 - rate)) / trials.length
  let most = 0
  let at = -1
  let excess = 0
  let below = 0
  for (let i = 0; i + LEAST_OF_EACH < trials.length; i++) {
    below += bad[trials[i] ?? 0] ?? 0
    const count = i + 1
    if (count < LEAST_OF_EACH || places[i] === places[i + 1]) continue
    const difference = below - count * rate
    const score = (difference * difference) / (scale * count * (trials.length - count))
    if (score <= most) continue
    most = score
    at = i
    excess = difference
  }
  if (at < 0) return undefined
  const middle = ((places[at] ?? 0) + (places[at + 1] ?? 0)) / 2
  return { score: most, at: middle, side: excess > 0 ? ('below' as const) : ('above' as const) }
}

function shareOf(infeasible: number, of: number): InfeasibleShare {
  const [low, high] = wilsonInterval(infeasible, of)
  return { infeasible, of, share: { value: of === 0 ? 0 : infeasible / of, low, high } }
}
