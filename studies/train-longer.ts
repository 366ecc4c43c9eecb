import { choice, defineStudy, float } from 'dynotune'
import { cosineDecay, loadDigits, mlp, sgd, splitDataset, trainRepeatedly } from 'dynotune/train'

const REPEATS = 3

/** As many examples are 512 steps of the small batch; the medium and the large one also train for as many steps. */
const budgets = {
  small: { rows: 16, steps: 512 },
  medium: { rows: 64, steps: 128 },
  mediumLonger: { rows: 64, steps: 512 },
  large: { rows: 256, steps: 32 },
  largeLonger: { rows: 256, steps: 512 },
} as const

/**
 * Whether large batches generalize worse, or are only trained for fewer steps: Hoffer et al. (NeurIPS 2017), "train longer, generalize
 * better". They expect a gap after as many epochs, which grows with the batch, and none after as many updates.
 */
export default defineStudy({
  name: 'train-longer',
  question: 'Does a large batch generalize as well as a small one when it is trained for as many steps?',
  space: {
    budget: choice(['small', 'medium', 'mediumLonger', 'large', 'largeLonger']),
    learningRate: float(1e-3, 3, { scale: 'log' }),
  },
  roles: { budget: 'scientific' },
  startIn: { learningRate: [0.03, 0.5] },
  metric: 'validationLoss',
  goal: 'minimize',
  budget: { trials: 50 },

  run(trial) {
    const { rows, steps } = budgets[trial.params.budget]
    return trainRepeatedly(trial, REPEATS, () => ({
      data: splitDataset(loadDigits()),
      model: mlp({ inputs: 64, hidden: [64], classes: 10 }),
      optimizer: sgd({ learningRate: trial.params.learningRate, momentum: 0.9 }),
      schedule: cosineDecay({ steps }),
      batchSize: rows,
      steps,
      evaluateEvery: steps / 16,
    }))
  },
})
