import type { Goal, TrialView } from '../study/view.ts'
import { type Curve, lossAt } from './curve.ts'
import { short, shortLoss } from './words.ts'

/** Rungs at the steps first, first · factor, first · factor², … of which one trial in `factor` goes on. */
export interface Rungs {
  /** Above 0. */
  readonly first: number
  /** Above 1. */
  readonly factor: number
  /** The length of a whole training, where there is no rung any more; not above 0 while it is not known. */
  readonly end: number
}

/**
 * Why a trial does not go on from a rung that its last report has taken it over: it is not among the best n / factor of the
 * n trials that have come to the rung so far, itself included; of the first few, it is not the best. Undefined when it goes
 * on, or when it is between rungs.
 */
export function fallsAtRung(
  { curve = [] }: TrialView,
  others: readonly TrialView[],
  goal: Goal,
  rungs: Rungs,
): string | undefined {
  const { factor } = rungs
  for (const rung of crossed(curve, rungs)) {
    const own = lossAt(curve, rung, goal)
    const at = `at step ${short(rung)}`
    if (Number.isNaN(own)) return `It had no finite value ${at}, where one trial in ${short(factor)} goes on.`
    const losses = others.map((other) => lossAt(other.curve, rung, goal)).filter((loss) => !Number.isNaN(loss))
    losses.push(own)
    const limit = losses.toSorted((a, b) => a - b)[Math.max(0, Math.floor(losses.length / factor) - 1)] ?? own
    if (own > limit) {
      const place = losses.filter((loss) => loss < own).length + 1
      return (
        `With ${shortLoss(goal, own)} ${at} it was number ${place} of ${losses.length} trials; ` +
        `one in ${short(factor)} goes on from there, which took ${shortLoss(goal, limit)}.`
      )
    }
  }
  return undefined
}

/**
 * The rungs that the last report took a curve over. Those before its first report are looked at where that was, as one; the
 * others compare there as well.
 */
function* crossed(curve: Curve, { first, factor, end }: Rungs): Generator<number> {
  const step = curve.at(-1)?.step ?? -1
  const before = curve.at(-2)?.step ?? -1
  // Powers are not exact: the last rung may miss the end by a rounding.
  const limit = end > 0 ? Math.min(step, end * (1 - 1e-9)) : step
  if (curve.length === 1 && first < limit) yield step
  for (let rung = first; rung <= limit; rung *= factor) if (rung > before && rung >= (curve[0]?.step ?? 0)) yield rung
}
