import {
  add,
  compute,
  div,
  type Expression,
  fill,
  mul,
  sqrt,
  square,
  zerosLike,
} from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { scaleByAdam } from './adam.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkCount } from './parts/check.ts'
import { nextEigenbasis } from './parts/matrix-eigenbasis.ts'
import { gram } from './parts/matrix-gram.ts'
import { isMatrix, matrixShape, reshape } from './parts/matrix-shape.ts'
import { checkMoments, type MomentsConfig } from './parts/moments.ts'
import { movingAverage } from './parts/moving-average.ts'
import { perParameter } from './parts/per-parameter.ts'
import type { Transformation } from './transformation.ts'
import { partition } from './transformations/partition.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

/** Betas: default 0.95 and 0.95, the second for L and R too. */
export interface SoapScaleConfig extends MomentsConfig {
  /** Steps from one refreshment of the bases to the next. Default 10. */
  readonly interval?: number
  /** A longer side is left as it is. Default 1024. */
  readonly maximumSize?: number
}

export interface SoapConfig extends SoapScaleConfig, WeightDecay {
  readonly learningRate: number | Schedule
}

/**
 * SOAP, Vyas et al., ICLR 2025 (arXiv 2409.11321), algorithm 3: Adam in the eigenbases of Shampoo's L and R, which follow
 * them by a round of orthogonal iteration now and then; with decoupled weight decay.
 * @throws DynotuneError `optimizer.invalid`
 */
export function soap({ learningRate, weightDecay = 0, decayMask, ...config }: SoapConfig): Transformation {
  return chain(scaleBySoap(config), addDecayedWeights(weightDecay, decayMask), scaleByLearningRate(learningRate))
}

/** Of one axis: the moving mean of G Gᵀ, or of Gᵀ G, and as rows its eigenvectors; nothing where it is too long. */
type Side = readonly [] | readonly [gram: Expression, basis: Expression]

/**
 * Kernels, as matrices [inputs, outputs]: G' = Q_L G Q_Rᵀ, u = Q_Lᵀ (Adam of G') Q_R. The first step only finds the bases
 * and updates nothing, as the authors have it. Adam for all others.
 */
export function scaleBySoap(config: SoapScaleConfig = {}): Transformation {
  const { interval = 10, maximumSize = 1024, beta1: first = 0.95, beta2: second = 0.95, ...rest } = config
  const { beta1, beta2, epsilon } = checkMoments('soap', { ...rest, beta1: first, beta2: second })
  checkCount('soap.interval', interval)
  checkCount('soap.maximumSize', maximumSize)

  function start(size: number): Side {
    const zeros = fill([size, size], 0)
    return size > maximumSize ? [] : [zeros, zeros]
  }

  function next(side: Side, matrix: Expression, axis: 0 | 1, step: number): Side {
    const [before, basis] = side
    if (!before || !basis) return side
    const now = gram(matrix, axis)
    if (step === 1) return [now, compute(basis.shape, [now], nextEigenbasis)]
    const mean = movingAverage(before, now, beta2)
    return [mean, refreshes(step) ? compute(basis.shape, [mean, basis], nextEigenbasis) : basis]
  }

  const refreshes = (step: number) => (step - 1) % interval === 0

  const matrices = perParameter({
    init({ shape }) {
      const [inputs, outputs] = matrixShape(shape)
      const zeros = fill([inputs, outputs], 0)
      return { mean: zeros, square: zeros, left: start(inputs), right: start(outputs) }
    },
    update(gradient, before, { shape }, step) {
      const matrix = reshape(gradient, matrixShape(shape))
      const left = next(before.left, matrix, 0, step)
      const right = next(before.right, matrix, 1, step)
      if (step === 1) return { update: zerosLike(gradient), state: { ...before, left, right } }

      const turned = turn(turn(matrix, before.left, 0), before.right, 1)
      const mean = movingAverage(before.mean, turned, beta1)
      const squares = movingAverage(before.square, square(turned), beta2)
      const rootCorrection = Math.sqrt(1 - beta2 ** (step - 1))
      const factor = rootCorrection / (1 - beta1 ** (step - 1))
      const adam = div(mul(mean, factor), add(sqrt(squares), epsilon * rootCorrection))
      const back = (x: Expression) => turn(turn(x, before.left, 0, true), before.right, 1, true)
      return {
        update: reshape(back(adam), shape),
        state: {
          mean: refreshes(step) ? turn(turn(back(mean), left, 0), right, 1) : mean,
          square: squares,
          left,
          right,
        },
      }
    },
  })
  return partition((param) => (isMatrix(param) ? 'matrices' : 'others'), {
    matrices,
    others: scaleByAdam({ beta1, beta2, epsilon }),
  })
}

/** A matrix in the basis of one of its axes, or back from it. */
function turn(x: Expression, [, basis]: Side, axis: 0 | 1, isBack = false): Expression {
  if (!basis) return x
  return compute(x.shape, [x, basis], (tf, matrix, rows) =>
    axis === 0 ? tf.matMul(rows, matrix, isBack, false) : tf.matMul(matrix, rows, false, !isBack),
  )
}
