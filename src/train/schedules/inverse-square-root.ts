import { checkWhole } from './check.ts'
import { scaled } from './scaled.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

/**
 * min(n / warmup, √(warmup / n)) with n = s + 1: evenly up to 1, then down with the root of the steps. `noam` as a factor.
 * @param warmup steps until 1; default 4000
 */
export function inverseSquareRoot({ warmup = 4000 }: { readonly warmup?: number } = {}): Schedule {
  checkWhole('inverseSquareRoot.warmup', warmup, 1)
  return lambdaSchedule((step) => Math.min((step + 1) / warmup, Math.sqrt(warmup / (step + 1))))
}

/**
 * size^-½ min(n^-½, n warmup^-³⁄₂) with n = s + 1: the learning rate of the Transformer itself, not a factor.
 * Vaswani et al., NeurIPS 2017, eq. 3.
 * @param size width of the model, d_model
 * @param warmup default 4000
 */
export function noam({ size, warmup = 4000 }: { readonly size: number; readonly warmup?: number }): Schedule {
  checkWhole('noam.size', size, 1)
  checkWhole('noam.warmup', warmup, 1)
  return scaled(1 / Math.sqrt(size * warmup), inverseSquareRoot({ warmup }))
}
