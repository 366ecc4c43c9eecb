import { type Finding, known } from '../finding.ts'
import { lossesOf, type Point } from './curve.ts'

/**
 * The area under a curve over its steps, by the trapezoidal rule, divided by their span: the mean value on the way. Only
 * curves over the same span compare.
 * @param points by ascending step
 */
export function areaUnderCurve(points: readonly Point[]): Finding<number> {
  const found = lossesOf(points, 'minimize', 2)
  if (!found.known) return found
  const { steps, losses } = found.value
  let area = 0
  for (let i = 1; i < steps.length; i++) {
    area += (((losses[i] ?? 0) + (losses[i - 1] ?? 0)) / 2) * ((steps[i] ?? 0) - (steps[i - 1] ?? 0))
  }
  return known(area / ((steps.at(-1) ?? 0) - (steps[0] ?? 0)))
}
