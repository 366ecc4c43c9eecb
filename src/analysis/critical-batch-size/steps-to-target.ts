/** An evaluation in the course of training. */
export interface Evaluation {
  readonly step: number
  /** NaN where it failed; infinite where it diverged. */
  readonly value: number
}

/** What a metric has to come to. */
export type Target = { readonly atMost: number } | { readonly atLeast: number }

/**
 * The step at which a curve first reaches a target. Infinity where it never does, or the target is NaN.
 *
 * Between the evaluation before and the one that reached it the metric is taken to be linear in the steps. Without that, steps
 * would be rounded up to whole intervals between evaluations: half an interval too many on average, which is a small share of a
 * long run and a large one of a short run, so that large batches would look worse than they are. Over one interval a line is as
 * good as any smooth curve, to first order. Where the first evaluation has reached it, or one of the two is infinite, there
 * is nothing to interpolate with, and the evaluation's own step stands. One that is NaN is as good as not made.
 * @param curve in any order
 */
export function stepsToTarget(curve: readonly Evaluation[], target: Target): number {
  return stepsToTargets(curve, [target])[0] ?? Number.POSITIVE_INFINITY
}

/** The same for each of several targets. */
export function stepsToTargets(curve: readonly Evaluation[], targets: readonly Target[]): number[] {
  const evaluations = curve
    .filter(({ step, value }) => Number.isFinite(step) && !Number.isNaN(value))
    .toSorted((a, b) => a.step - b.step)
  return targets.map((target) => firstAt(evaluations, target))
}

function firstAt(evaluations: readonly Evaluation[], target: Target): number {
  const [sign, limit] = 'atMost' in target ? [1, target.atMost] : [-1, -target.atLeast]
  const reached = evaluations.findIndex(({ value }) => sign * value <= limit)
  const [here, before] = [evaluations[reached], evaluations[reached - 1]]
  if (!here) return Number.POSITIVE_INFINITY
  const gain = before ? sign * (before.value - here.value) : Number.POSITIVE_INFINITY
  if (!before || !Number.isFinite(gain)) return here.step
  return before.step + ((sign * before.value - limit) / gain) * (here.step - before.step)
}
