import { choice, defineStudy, float, int } from 'dynotune'
import {
  adam,
  classification,
  evaluate,
  loadDigits,
  mlp,
  parseWeights,
  sgd,
  splitDataset,
  toTensors,
  train,
} from 'dynotune/train'

const STEPS = 1000

export default defineStudy({
  name: 'digits',
  question: 'Which optimizer, and with which settings, makes a small dense network read handwritten digits best?',
  space: {
    optimizer: choice({
      sgd: {
        learningRate: float(0.01, 1, { scale: 'log' }),
        momentum: float(0, 0.98, { scale: 'reverseLog' }),
      },
      adam: {
        learningRate: float(3e-4, 3e-2, { scale: 'log' }),
        beta1: float(0.5, 0.98, { scale: 'reverseLog' }),
      },
    }),
    batchSize: int(16, 256, { scale: 'log', step: 2 }),
    dropout: float(0, 0.5),
    width: int(32, 256, { scale: 'log', step: 2 }),
  },
  metric: 'validationAccuracy',
  goal: 'maximize',
  budget: { trials: 40 },
  parallel: 2,
  seed: 1,

  async run(trial) {
    const { optimizer, batchSize, dropout, width } = trial.params
    const { outcome, best } = await train(trial, {
      data: splitDataset(loadDigits()),
      model: model(width, dropout),
      // The branch is the optimizer's whole configuration: its parameters are named as the optimizer names them.
      optimizer: optimizer.kind === 'sgd' ? sgd(optimizer) : adam(optimizer),
      batchSize,
      // The same number for every trial, so that they are compared under one budget.
      steps: STEPS,
      evaluateEvery: STEPS / 20,
      onBest: ({ step, weights }) => trial.checkpoint.save(step, weights),
    })
    // A diverged trial is no good even where it once was: not a number makes it infeasible.
    if (outcome === 'diverged') return Number.NaN
    return best?.metrics
  },

  async test(trial) {
    const tf = await trial.engine.load()
    const weights = toTensors(tf, parseWeights(trial.checkpoint.load()?.state))
    const { test } = splitDataset(loadDigits())
    const { loss, accuracy = Number.NaN } = await evaluate(tf, model(trial.params.width), classification, weights, test)
    tf.dispose(weights)
    return { testAccuracy: accuracy, testLoss: loss }
  },
})

function model(width: number, dropout = 0) {
  return mlp({ inputs: 64, hidden: [width], classes: 10, dropout })
}
