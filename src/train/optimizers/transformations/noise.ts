import { mul } from '../../../engine/fusion/expression.ts'
import { createRandom, type Random } from '../../../numerics/random.ts'
import type { Schedule } from '../../schedules/schedule.ts'
import { checkRange } from '../parts/check.ts'
import { stepwise } from '../parts/stepwise.ts'
import { valueAt } from '../parts/value-at.ts'
import type { Transformation } from '../transformation.ts'

/**
 * Multiplicative gradient noise, Hoffer et al., NeurIPS 2017, section 4: a large batch's gradient (1/B) Σ z_n g_n with
 * independent z_n ~ N(1, σ²) is as noisy as that of a smaller one. The weights are those of the examples' losses.
 * @param rows B
 * @param deviation σ, at least 0
 */
export function exampleNoise(random: Random, rows: number, deviation: number): Float32Array<ArrayBuffer> {
  checkRange('exampleNoise.deviation', deviation, '[0, ∞)')
  return Float32Array.from({ length: rows }, () => 1 + deviation * random.normal())
}

/**
 * The same for a whole update, when there are no single examples to weight: u = z g with one z ~ N(1, σ²) a step, which
 * changes how far a step goes and not where to. z follows from the seed and the step alone.
 * @param deviation σ, at least 0
 */
export function scaleByNoise(seed: number, deviation: number | Schedule): Transformation<{ step: number }> {
  checkRange('scaleByNoise.deviation', deviation, '[0, ∞)')
  return stepwise((gradients, step) => {
    const z = 1 + valueAt(deviation, step) * createRandom(seed, step, 'gradient noise').normal()
    return gradients.map((g) => mul(g, z))
  })
}
