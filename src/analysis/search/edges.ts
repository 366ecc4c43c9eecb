import { betaQuantile } from '../../numerics/beta-quantile.ts'
import { incompleteBeta } from '../../numerics/incomplete-beta.ts'
import { type Axis, snap } from '../../samplers/axes.ts'
import type { StudyView } from '../../study/view.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { judge } from '../judged.ts'

/** How many of the best trials are at one end of a range. */
export interface EdgeCount {
  readonly parameter: string
  readonly side: 'low' | 'high'
  /** How many of the best, and of how many. */
  readonly inside: number
  readonly of: number
  /** The share of the best trials there, with its 95 % interval (Clopper and Pearson 1934). */
  readonly share: Estimate
  /** The share that is there if trials are spread evenly along the scale. */
  readonly expected: number
  /** The share of all trials with a value there. */
  readonly ofAll: number
  /** The probability of as many by chance, for all ends that are looked at together (Bonferroni), at most 1. */
  readonly chance: number
  /** Whether that is below 5 %. */
  readonly clusters: boolean
}

const LEAST_TRIALS = 20
/** The outer part of a scale that counts as its end, unless the first value takes more. */
const ZONE = 0.1
/** The best trials: a tenth, within these. */
const LEAST_BEST = 5
const MOST_BEST = 50
/** Places to find by, what share of the scale is an end. */
const PLACES = 1000

/**
 * Whether the best trials cluster at an end of a range, which then should be widened (the tuning playbook's boundary check;
 * the test is ours): how many of the best tenth, 5 to 50 of them, lie in the outer tenth of the scale, against a binomial
 * count. Ranges of two values have no end, choices neither. A sampler that learns goes where it has found good trials, so that
 * these are not independent: then `chance` is too small, but a cluster at an end is one all the same.
 */
export function edgeClusters(view: StudyView): Finding<readonly EdgeCount[]> {
  const { axes, trials } = judge(view)
  const ends = axes.flatMap((axis, dimension) => {
    if (axis.kind === 'unordered' || axis.size <= 2) return []
    const having = trials.filter(({ point }) => !Number.isNaN(point[dimension])).sort((a, b) => a.y - b.y)
    if (having.length < LEAST_TRIALS) return []
    const places = having.map(({ point }) => point[dimension] ?? 0)
    return (['low', 'high'] as const).map((side) => ({ axis, side, places }))
  })
  if (ends.length === 0) {
    return unknown(`No range has ${LEAST_TRIALS} trials with a value, of which the best could be at an end.`)
  }
  return known(
    ends.map(({ axis, side, places }) => {
      const isInside = atEnd(axis, side)
      const best = places.slice(0, Math.min(MOST_BEST, Math.max(LEAST_BEST, Math.round(places.length / 10))))
      const inside = best.filter(isInside).length
      const expected = evenShare(axis, isInside)
      // The binomial tail as a beta distribution.
      const single = inside === 0 ? 1 : incompleteBeta(inside, best.length - inside + 1, expected)
      const chance = Math.min(1, single * ends.length)
      return {
        parameter: axis.parameter.name,
        side,
        inside,
        of: best.length,
        share: {
          value: inside / best.length,
          low: inside === 0 ? 0 : betaQuantile(0.025, inside, best.length - inside + 1),
          high: inside === best.length ? 1 : betaQuantile(0.975, inside + 1, best.length - inside),
        },
        expected,
        ofAll: places.filter(isInside).length / places.length,
        chance,
        clusters: chance < 0.05,
      }
    }),
  )
}

/** Whether a coordinate is at an end: in the outer tenth, or the very first or last value. */
function atEnd(axis: Axis, side: 'low' | 'high'): (u: number) => boolean {
  const fromEnd = (u: number) => (side === 'low' ? u : 1 - u)
  const zone = axis.kind === 'ordered' ? Math.max(ZONE, fromEnd(snap(axis, side === 'low' ? 0 : 1))) : ZONE
  return (u) => fromEnd(u) <= zone + 1e-12
}

/** The probability that a trial that is drawn evenly along the scale is at the end. */
function evenShare(axis: Axis, isInside: (u: number) => boolean): number {
  if (axis.kind === 'continuous') return ZONE
  let hits = 0
  for (let place = 0; place < PLACES; place++) if (isInside(snap(axis, (place + 0.5) / PLACES))) hits++
  return hits / PLACES
}
