import { expectedLoss, steadyLoss } from './expected-loss.ts'
import type { QuadraticProblem, QuadraticSteps } from './problem.ts'

export interface FewestSteps {
  readonly steps: number
  /** The learning rate that needs so few; of those that need as many, the largest. */
  readonly rate: number
}

/** The paper's learning rates: a hundred from 10⁻⁵ to 10^0.5, evenly in the logarithm. */
export const QUADRATIC_RATES: readonly number[] = Array.from({ length: 100 }, (_, i) => 10 ** (-5 + (5.5 * i) / 99))

/**
 * The fewest steps after which the expected loss is at most `target`, over learning rates; nothing where none gets there.
 * Found by halving, which takes the loss to stay below what it has fallen below. Not so with momentum, where it may swing.
 */
export function fewestSteps(
  problem: QuadraticProblem,
  target: number,
  steps: Omit<QuadraticSteps, 'rate'>,
  rates: readonly number[] = QUADRATIC_RATES,
): FewestSteps | undefined {
  let best: FewestSteps | undefined
  // The best rate is one of the largest that get there: after it the others are told from one look.
  for (const rate of rates.toSorted((a, b) => b - a)) {
    if (steadyLoss(problem, { ...steps, rate }) >= target) continue
    const loss = expectedLoss(problem, { ...steps, rate })
    if (best && (best.steps === 0 || loss(best.steps - 1) > target)) continue
    let high = best ? best.steps - 1 : 1
    while (loss(high) > target) high *= 2
    let low = -1
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (loss(middle) <= target) high = middle
      else low = middle
    }
    best = { steps: high, rate }
  }
  return best
}
