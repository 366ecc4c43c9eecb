import { compute, mul } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { adamw } from './adamw.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { scaleByMomentum } from './momentum.ts'
import { checkCount } from './parts/check.ts'
import { orthogonalize } from './parts/matrix-orthogonalize.ts'
import { isMatrix, matrixShape, reshape } from './parts/matrix-shape.ts'
import { stepwise } from './parts/stepwise.ts'
import type { Transformation } from './transformation.ts'
import { partition } from './transformations/partition.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

/**
 * How steps depend on the shape [inputs, outputs]. `width`: by √max(1, outputs/inputs), Jordan's. `rms`: by
 * 0.2 √max(inputs, outputs), so that a learning rate of AdamW's fits (Liu et al., arXiv 2502.16982). `none`: not at all.
 */
export type MuonScale = 'width' | 'rms' | 'none'

export interface MuonConfig extends WeightDecay {
  /** Of matrices: about 0.02 with `width`, that of AdamW with `rms`. */
  readonly learningRate: number | Schedule
  /** Default 0.95. */
  readonly momentum?: number | Schedule
  /** Default true. */
  readonly nesterov?: boolean
  /** Newton-Schulz iterations. Default 5. */
  readonly steps?: number
  /** Default `width`. */
  readonly scale?: MuonScale
  /** What optimizes all but kernels. Default: AdamW with the same learning rate and decay. */
  readonly others?: Transformation
}

/**
 * Muon, Jordan et al., 2024: kernels move along their momentum made orthogonal, U Vᵀ of its U S Vᵀ, so that all directions
 * of a matrix move alike. Kernels with more axes are flattened to [inputs, outputs]. Agrees with `torch.optim.Muon`.
 * @throws DynotuneError `optimizer.invalid`
 */
export function muon(config: MuonConfig): Transformation {
  const { learningRate, momentum = 0.95, nesterov = true, steps = 5, scale = 'width' } = config
  const { weightDecay = 0, decayMask } = config
  const { others = adamw({ learningRate, weightDecay, ...(decayMask && { decayMask }) }) } = config
  const matrices = chain(
    scaleByMomentum(momentum, nesterov),
    scaleByOrthogonalization(steps, scale),
    addDecayedWeights(weightDecay, decayMask),
    scaleByLearningRate(learningRate),
  )
  return partition((param) => (isMatrix(param) ? 'matrices' : 'others'), { matrices, others })
}

/** u = c U Vᵀ of each gradient U S Vᵀ, nearly; see `orthogonalize`. */
export function scaleByOrthogonalization(steps = 5, scale: MuonScale = 'width'): Transformation<{ step: number }> {
  checkCount('muon.steps', steps)
  return stepwise((gradients) =>
    gradients.map((g) => {
      const shape = matrixShape(g.shape)
      const direction = compute(shape, [reshape(g, shape)], (tf, matrix) => orthogonalize(tf, matrix, steps))
      return mul(reshape(direction, g.shape), factors[scale](...shape))
    }),
  )
}

const factors: Record<MuonScale, (inputs: number, outputs: number) => number> = {
  width: (inputs, outputs) => Math.sqrt(Math.max(1, outputs / inputs)),
  rms: (inputs, outputs) => 0.2 * Math.sqrt(Math.max(inputs, outputs)),
  none: () => 1,
}
