import { choice, defineStudy, float } from 'dynotune'
import { loadDigits, mlp, sgd, splitDataset, trainRepeatedly } from 'dynotune/train'

const STEPS = 200
const REPEATS = 3

/** Rows of a batch, and of each part of it that is normalized by itself. */
const batches = {
  small: { rows: 32, ghost: 32 },
  large: { rows: 256, ghost: 256 },
  largeGhost16: { rows: 256, ghost: 16 },
  largeGhost32: { rows: 256, ghost: 32 },
  largeGhost64: { rows: 256, ghost: 64 },
} as const

/**
 * Whether a large batch does better when batch norm sees small ones: Hoffer et al. (NeurIPS 2017, section 4). The statistics of few rows
 * are noisy, which regularizes, and a large batch loses that noise; ghost batches give it back. They expect the large batch to
 * generalize worse than the small one, and ghost batches to close part of the gap. Here all train for as many steps.
 */
export default defineStudy({
  name: 'ghost-batch-norm',
  question: 'Does normalizing a large batch in small parts make a network generalize as if trained on small batches?',
  space: {
    batch: choice(['small', 'large', 'largeGhost16', 'largeGhost32', 'largeGhost64']),
    learningRate: float(1e-3, 3, { scale: 'log' }),
  },
  roles: { batch: 'scientific' },
  startIn: { learningRate: [0.03, 0.5] },
  metric: 'validationLoss',
  goal: 'minimize',
  budget: { trials: 50 },

  run(trial) {
    const { rows, ghost } = batches[trial.params.batch]
    return trainRepeatedly(trial, REPEATS, () => ({
      data: splitDataset(loadDigits()),
      model: mlp({ inputs: 64, hidden: [64, 64], classes: 10, norm: { kind: 'ghost', size: ghost } }),
      optimizer: sgd({ learningRate: trial.params.learningRate, momentum: 0.9 }),
      batchSize: rows,
      steps: STEPS,
      evaluateEvery: STEPS / 20,
    }))
  },
})
