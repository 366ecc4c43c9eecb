import { triangleSize } from '../../numerics/cholesky.ts'
import { dot } from '../../numerics/dots.ts'
import type { Random } from '../../numerics/random.ts'
import type { Fantasies } from './acquisition.ts'
import { extend, type Posterior } from './posterior.ts'
import type { Surrogate } from './surrogate.ts'

/** Draws of what may come of the pending trials. */
const COUNT = 16

/**
 * The posterior with the pending rows added to it, and what may come of them: joint draws from the posterior before
 * (Snoek, Larochelle and Adams, "Practical Bayesian optimization of machine learning algorithms", NIPS 2012, section 3.2).
 * The part of L that belongs to them makes values of standard normal numbers.
 * @param goal the best value so far
 */
export function fantasize(
  { posterior, white }: Surrogate,
  rows: Float64Array,
  goal: number,
  random: Random,
): { readonly posterior: Posterior; readonly fantasies: Fantasies } {
  const d = posterior.isOption.length
  const n = posterior.count
  const pending = d > 0 ? rows.length / d : 0
  let joint = posterior
  for (let p = 0; p < pending; p++) joint = extend(joint, rows.subarray(p * d, (p + 1) * d))
  const count = pending > 0 ? COUNT : 1
  const draws = new Float64Array(count * pending).map(random.normal)
  const best = new Float64Array(count).fill(goal)
  const factor = joint.factor.rows
  for (let p = 0; p < pending; p++) {
    const start = triangleSize(n + p)
    const mean = dot(factor, start, white, 0, 0, n)
    for (let f = 0; f < count; f++) {
      const value = mean + dot(factor, start + n, draws, f * pending, 0, p + 1)
      best[f] = Math.min(best[f] ?? 0, value)
    }
  }
  return { posterior: joint, fantasies: { draws, pending, best } }
}
