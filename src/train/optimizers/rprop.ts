import { type Expression, fill, greater, max, min, mul, neg, select, sign } from '../../engine/fusion/expression.ts'
import { checkRange } from './parts/check.ts'
import { type Transformation, zeros, zip } from './transformation.ts'

export interface RpropConfig {
  /** The first step, above 0. */
  readonly learningRate: number
  /** Of a step after a change of sign, in (0, 1). Default 0.5. */
  readonly etaMinus?: number
  /** Of a step after none, above 1. Default 1.2. */
  readonly etaPlus?: number
  /** Default 1e-6. */
  readonly smallestStep?: number
  /** Default 50. */
  readonly largestStep?: number
}

/** The gradients before, 0 after a change of sign, and the size of each element's step. */
export type RpropState = { previous: Expression[]; size: Expression[] }

/**
 * Resilient propagation, Riedmiller and Braun, ICNN 1993, for whole batches: only signs count. A step δ grows while the
 * gradient keeps its sign and shrinks when it turns, after which its element rests for a step: iRprop- of Igel and Hüsken
 * 2000. Agrees with `torch.optim.Rprop`.
 * @throws DynotuneError `optimizer.invalid`
 */
export function rprop(config: RpropConfig): Transformation<RpropState> {
  const { learningRate, etaMinus = 0.5, etaPlus = 1.2, smallestStep = 1e-6, largestStep = 50 } = config
  checkRange('rprop.learningRate', learningRate, '(0, ∞)')
  checkRange('rprop.etaMinus', etaMinus, '(0, 1)')
  checkRange('rprop.etaPlus', etaPlus, '(1, ∞)')
  checkRange('rprop.smallestStep', smallestStep, '[0, ∞)')
  checkRange('rprop.largestStep', largestStep, '(0, ∞)')
  const resized = (turn: Expression, size: Expression) => {
    const factor = select(greater(turn, 0), etaPlus, select(greater(0, turn), etaMinus, 1))
    return min(max(mul(size, factor), smallestStep), largestStep)
  }
  return {
    init: (params) => ({ previous: zeros(params), size: params.map(({ shape }) => fill(shape, learningRate)) }),
    update(gradients, before) {
      // Signs, since the product of two small gradients may be nothing.
      const turns = zip(before.previous, gradients, (previous, g) => mul(sign(previous), sign(g)))
      const size = zip(turns, before.size, resized)
      const previous = zip(turns, gradients, (turn, g) => select(greater(0, turn), 0, g))
      const updates = zip(previous, size, (g, step) => mul(neg(sign(g)), step))
      return { updates, state: { previous, size } }
    },
  }
}
