import { choice, defineStudy, float } from 'dynotune'
import {
  constantSchedule,
  growBatch,
  loadDigits,
  mlp,
  multiStepDecay,
  type Schedule,
  sgd,
  splitDataset,
  trainRepeatedly,
} from 'dynotune/train'

const REPEATS = 5
const EXAMPLES = 12_288
const BATCH = 16
/** By what the rate falls, or the batch grows, after the first third of the examples and after the second. */
const FACTOR = 4

/** What the rate is multiplied with as thirds of the examples are done, where the batch grows by `growth` after each. */
function decayWith(growth: number): Schedule {
  const steps = EXAMPLES / 3 / BATCH
  return multiStepDecay({ milestones: [steps, steps + steps / growth], factor: 1 / FACTOR })
}

/** Factors of the rate, and rows of a batch, by step. */
const plans = {
  constant: { rate: constantSchedule({ steps: 0 }), batchSize: BATCH },
  decay: { rate: decayWith(1), batchSize: BATCH },
  grow: growBatch({ decay: decayWith(FACTOR), batchSize: BATCH, maxBatchSize: BATCH * FACTOR ** 2 }),
}

/**
 * Whether growing the batch does what decaying the rate does, in fewer steps: Smith et al. (ICLR 2018). The noise scale ε N / B
 * is the same for both at each example, so they expect equal losses, after as many examples but fewer updates, and either to beat
 * a rate that stays as it is.
 */
export default defineStudy({
  name: 'grow-the-batch',
  question: 'Can one grow the batch instead of decaying the learning rate, and save steps?',
  space: {
    plan: choice(['constant', 'decay', 'grow']),
    learningRate: float(1e-3, 3, { scale: 'log' }),
  },
  roles: { plan: 'scientific' },
  startIn: { learningRate: [0.01, 0.3] },
  metric: 'validationLoss',
  goal: 'minimize',
  budget: { trials: 36 },

  run(trial) {
    const { learningRate, plan } = trial.params
    return trainRepeatedly(trial, REPEATS, () => ({
      data: splitDataset(loadDigits()),
      model: mlp({ inputs: 64, hidden: [64], classes: 10 }),
      optimizer: sgd({ learningRate, momentum: 0.9 }),
      schedule: plans[plan].rate,
      batchSize: plans[plan].batchSize,
      examples: EXAMPLES,
      evaluateEvery: 16,
    }))
  },
})
