import type { CurvePoint, Goal, TrialView } from '../study/view.ts'

/** Reports of one trial by ascending step. */
export type Curve = readonly CurvePoint[]

/** A value turned so that less is better, and NaN when it is not finite: such a report says nothing good of a trial. */
export function lossOf(goal: Goal, value: number): number {
  if (!Number.isFinite(value)) return Number.NaN
  return goal === 'minimize' ? value : -value
}

/** The value of a loss: `lossOf` undone. */
export function metricOf(goal: Goal, loss: number): number {
  return goal === 'minimize' ? loss : -loss
}

/** The step that a curve has come to; -1 when it is empty. */
export function lastStep(curve: Curve = []): number {
  return curve.at(-1)?.step ?? -1
}

/** The furthest step that a completed trial has come to: the length of a whole training. -1 when none has completed. */
export function longest(trials: readonly TrialView[]): number {
  return trials.reduce((far, { state, curve }) => (state === 'complete' ? Math.max(far, lastStep(curve)) : far), -1)
}

/**
 * The loss at a step, on the straight line between the reports around it, so that curves with reports at different steps
 * compare at equal ones. NaN when the curve has not come so far, begins later, or was not finite there.
 */
export function lossAt(curve: Curve = [], step: number, goal: Goal): number {
  const place = firstFrom(curve, step)
  const after = curve[place]
  if (!after) return Number.NaN
  const high = lossOf(goal, after.value)
  if (after.step === step) return high
  const before = curve[place - 1]
  if (!before) return Number.NaN
  const low = lossOf(goal, before.value)
  return low + ((high - low) * (step - before.step)) / (after.step - before.step)
}

/** The least finite loss up to a step; NaN when there is none. */
export function bestLoss(curve: Curve = [], goal: Goal, upTo = Number.POSITIVE_INFINITY): number {
  let best = Number.NaN
  for (const { step, value } of curve) {
    if (step > upTo) break
    const loss = lossOf(goal, value)
    if (!(loss >= best) && !Number.isNaN(loss)) best = loss
  }
  return best
}

/** The place of the first report at a step or later. */
function firstFrom(curve: Curve, step: number): number {
  let [low, high] = [0, curve.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((curve[middle]?.step ?? Number.POSITIVE_INFINITY) < step) low = middle + 1
    else high = middle
  }
  return low
}
