import { type Expression, square } from '../../../engine/fusion/expression.ts'
import { type Expressions, type Param, zeros, zip } from '../transformation.ts'
import { checkRange } from './check.ts'
import { movingAverage } from './moving-average.ts'

/** What Adam and its kin are set by. */
export interface MomentsConfig {
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number
  /** Added to the root, at least 0. Default 1e-8. */
  readonly epsilon?: number
}

/** Moving averages of gradients and of their squares, after so many steps. */
export type Moments = { step: number; mean: Expression[]; square: Expression[] }

/** @throws DynotuneError `optimizer.invalid` */
export function checkMoments(name: string, config: MomentsConfig): Required<MomentsConfig> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = config
  checkRange(`${name}.beta1`, beta1, '[0, 1)')
  checkRange(`${name}.beta2`, beta2, '[0, 1)')
  checkRange(`${name}.epsilon`, epsilon, '[0, ∞)')
  return { beta1, beta2, epsilon }
}

export function zeroMoments(params: readonly Param[]): Moments {
  return { step: 0, mean: zeros(params), square: zeros(params) }
}

/** m ← β₁ m + (1-β₁) g, s ← β₂ s + (1-β₂) g². */
export function nextMoments(
  state: Moments,
  gradients: Expressions,
  { beta1, beta2 }: Pick<Required<MomentsConfig>, 'beta1' | 'beta2'>,
): Moments {
  return {
    step: state.step + 1,
    mean: zip(state.mean, gradients, (m, g) => movingAverage(m, g, beta1)),
    square: zip(state.square, gradients, (s, g) => movingAverage(s, square(g), beta2)),
  }
}
