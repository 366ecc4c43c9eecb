import type { Tensor } from '@tensorflow/tfjs-core'
import { add, compute, type Expression, fill, mul } from '../../engine/fusion/expression.ts'
import type { Tf } from '../../study/engine.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { scaleByAdagrad } from './adagrad.ts'
import { scaleByAdam } from './adam.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { scaleByMomentum } from './momentum.ts'
import { checkCount, checkRange } from './parts/check.ts'
import { gram, gramDiagonal } from './parts/matrix-gram.ts'
import { inverseFourthRoot } from './parts/matrix-inverse-root.ts'
import { isMatrix, matrixShape, reshape } from './parts/matrix-shape.ts'
import { perParameter } from './parts/per-parameter.ts'
import type { Transformation } from './transformation.ts'
import { graft } from './transformations/graft.ts'
import { partition } from './transformations/partition.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

export interface ShampooScaleConfig {
  /** What L and R keep of themselves: 1 sums over all steps as in Gupta et al.; below 1 they are moving means. Default 1. */
  readonly decay?: number
  /** Added to the eigenvalues of L and R, relative to the largest. Default 1e-6; float32 carries no less. */
  readonly epsilon?: number
  /** Steps from one computation of the roots to the next. Before that many they are computed at 1, 2, 4, … Default 20. */
  readonly interval?: number
  /** Of a longer side only the diagonal is kept. Default 1024. */
  readonly maximumSize?: number
}

export interface ShampooConfig extends ShampooScaleConfig, WeightDecay {
  readonly learningRate: number | Schedule
  /** Of the preconditioned gradients. Default 0.9. */
  readonly momentum?: number | Schedule
  /**
   * What says how long the step of each kernel is; Shampoo then says where to. Default: what other parameters get, so that
   * roots from before a direction was seen do no harm. False: Shampoo says both, which wants an interval of 1.
   */
  readonly graft?: Transformation | false
}

/**
 * Shampoo, Gupta et al., ICML 2018, algorithm 1, with the intervals, diagonals and grafting of Anil et al., arXiv
 * 2002.09018: v ← μ v + L^(-1/4) G R^(-1/4), w ← w - lr (v + λ w).
 * @throws DynotuneError `optimizer.invalid`
 */
export function shampoo(config: ShampooConfig): Transformation {
  const { learningRate, momentum = 0.9, weightDecay = 0, decayMask, ...direction } = config
  const { graft: length = scaleBySquares(direction.decay), ...preconditioner } = direction
  return chain(
    length ? graft(length, scaleByShampoo(preconditioner)) : scaleByShampoo(preconditioner),
    scaleByMomentum(momentum),
    addDecayedWeights(weightDecay, decayMask),
    scaleByLearningRate(learningRate),
  )
}

type Side = { gram: Expression; root: Expression }

/**
 * L ← L + G Gᵀ, R ← R + Gᵀ G, u = L^(-1/4) G R^(-1/4) of kernels as matrices [inputs, outputs]; u = n^(-1/2) g of all
 * others, with the sum or mean n of their squares.
 */
export function scaleByShampoo(config: ShampooScaleConfig = {}): Transformation {
  const { decay = 1, epsilon = 1e-6, interval = 20, maximumSize = 1024 } = config
  checkRange('shampoo.decay', decay, '(0, 1]')
  checkRange('shampoo.epsilon', epsilon, '(0, 1)')
  checkCount('shampoo.interval', interval)
  checkCount('shampoo.maximumSize', maximumSize)
  const rootOf = inverseFourthRoot(epsilon)

  function start(size: number): Side {
    const zeros = fill(size > maximumSize ? [size] : [size, size], 0)
    return { gram: zeros, root: zeros }
  }

  function next(side: Side, matrix: Expression, axis: 0 | 1, step: number): Side {
    const isDiagonal = side.gram.shape.length === 1
    const now = isDiagonal ? gramDiagonal(matrix, axis) : gram(matrix, axis)
    const sum = add(mul(side.gram, decay), mul(now, decay === 1 ? 1 : 1 - decay))
    if (!refreshes(step)) return { gram: sum, root: side.root }
    const unbiased = decay === 1 ? sum : mul(sum, 1 / (1 - decay ** step))
    const root = compute(sum.shape, [unbiased], isDiagonal ? diagonalRoot(epsilon) : rootOf)
    return { gram: sum, root }
  }

  const refreshes = (step: number) => step % interval === 0 || (step < interval && Number.isInteger(Math.log2(step)))

  const matrices = perParameter({
    init({ shape }) {
      const [inputs, outputs] = matrixShape(shape)
      return { left: start(inputs), right: start(outputs) }
    },
    update(gradient, before, { shape }, step) {
      const matrix = reshape(gradient, matrixShape(shape))
      const left = next(before.left, matrix, 0, step)
      const right = next(before.right, matrix, 1, step)
      const update = compute(matrix.shape, [matrix, left.root, right.root], precondition)
      return { update: reshape(update, shape), state: { left, right } }
    },
  })
  return partition((param) => (isMatrix(param) ? 'matrices' : 'others'), { matrices, others: scaleBySquares(decay) })
}

/** n^(-1/2) g with the sum n of squares, or their moving mean. */
function scaleBySquares(decay = 1): Transformation {
  return decay === 1 ? scaleByAdagrad() : scaleByAdam({ beta1: 0, beta2: decay, epsilon: 1e-10 })
}

function diagonalRoot(epsilon: number) {
  return (tf: Tf, diagonal: Tensor): Tensor =>
    tf.tidy(() => tf.pow(tf.add(diagonal, tf.maximum(tf.mul(tf.max(diagonal), epsilon), 1e-30)), -0.25))
}

/** Left root · matrix · right root, a diagonal as the vector that it is. */
function precondition(tf: Tf, matrix: Tensor, left: Tensor, right: Tensor): Tensor {
  return tf.tidy(() => {
    const half = left.rank === 2 ? tf.matMul(left, matrix) : tf.mul(tf.reshape(left, [-1, 1]), matrix)
    return right.rank === 2 ? tf.matMul(half, right) : tf.mul(half, right)
  })
}
