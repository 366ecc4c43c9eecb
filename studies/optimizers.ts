import { choice, defineStudy, float, type Params } from 'dynotune'
import {
  adagrad,
  adam,
  cosineDecay,
  lion,
  loadDigits,
  mlp,
  muon,
  rmsprop,
  sgd,
  shampoo,
  splitDataset,
  type Transformation,
  trainRepeatedly,
} from 'dynotune/train'

const STEPS = 200
const REPEATS = 3

const momentum = float(0.5, 0.99, { scale: 'reverseLog' })
const rate = (low: number, high: number) => float(low, high, { scale: 'log' })

const optimizer = choice({
  sgd: { learningRate: rate(0.01, 10) },
  momentum: { learningRate: rate(3e-3, 3), momentum },
  nesterov: { learningRate: rate(3e-3, 3), momentum },
  adagrad: { learningRate: rate(1e-3, 1) },
  rmsprop: { learningRate: rate(3e-4, 0.3), decay: float(0.9, 0.999, { scale: 'reverseLog' }) },
  adam: { learningRate: rate(3e-4, 0.3), beta1: momentum },
  lion: { learningRate: rate(1e-5, 0.01), beta1: momentum },
  muon: { learningRate: rate(1e-3, 1), momentum },
  shampoo: { learningRate: rate(1e-3, 1), momentum },
})

/**
 * What optimizers are worth when each is tuned: Choi et al. 2019 (arXiv 1910.05446). They expect that one which includes another
 * as a special case is at least as good when all of it is tuned: momentum as plain SGD, Adam as momentum. With few trials an
 * optimizer of more hyperparameters has more to search, so only those are varied here that such a budget pays for.
 */
export default defineStudy({
  name: 'optimizers',
  question:
    'Which optimizer brings a small dense network furthest in 200 steps, each with its own hyperparameters tuned?',
  space: { optimizer },
  roles: { optimizer: 'scientific' },
  metric: 'validationLoss',
  goal: 'minimize',
  budget: { trials: 90 },

  run: (trial) =>
    trainRepeatedly(trial, REPEATS, () => ({
      data: splitDataset(loadDigits()),
      model: mlp({ inputs: 64, hidden: [64], classes: 10 }),
      optimizer: optimizerOf(trial.params.optimizer),
      schedule: cosineDecay({ steps: STEPS }),
      batchSize: 64,
      steps: STEPS,
      evaluateEvery: STEPS / 10,
    })),
})

function optimizerOf(params: Params<{ optimizer: typeof optimizer }>['optimizer']): Transformation {
  switch (params.kind) {
    case 'sgd':
    case 'momentum':
      return sgd(params)
    case 'nesterov':
      return sgd({ ...params, nesterov: true })
    case 'adagrad':
      return adagrad(params)
    case 'rmsprop':
      return rmsprop(params)
    case 'adam':
      return adam(params)
    case 'lion':
      return lion(params)
    case 'muon':
      return muon(params)
    case 'shampoo':
      return shampoo(params)
  }
}
