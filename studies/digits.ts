import { choice, defineStudy, float, int } from 'dynotune'
import { adam, loadDigits, mlp, sgd, splitDataset, testBest, train } from 'dynotune/train'

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
  // Even coverage: the report shows how the accuracy depends on every parameter, good values and bad.
  sampler: 'halton',

  async run(trial) {
    const { optimizer, batchSize, dropout, width } = trial.params
    const { metrics } = await train(trial, {
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
    // Those of the best evaluation. Of a diverged trial they are not numbers, which makes it infeasible.
    return metrics
  },

  test: (trial) => testBest(trial, { model: model(trial.params.width), data: splitDataset(loadDigits()).test }),
})

function model(width: number, dropout = 0) {
  return mlp({ inputs: 64, hidden: [width], classes: 10, dropout })
}
