import { choice, defineStudy, float } from 'dynotune'
import {
  adagrad,
  binaryClassification,
  correlatedFeatures,
  dropout,
  inputOf,
  logistic,
  sparseFeatures,
  splitDataset,
  trainRepeatedly,
} from 'dynotune/train'

/** Half of them to train on, so that there are few for the features that there are. */
const ROWS = 4000
const WIDTH = { dense: 100, sparse: 500 }
const STEPS = 600
/** Data sets, each with a truth of its own. */
const REPEATS = 3

type Features = 'dense' | 'sparse'

function problem(features: Features, seed: number) {
  return features === 'dense' ? correlatedFeatures({ rows: ROWS, seed }) : sparseFeatures({ rows: ROWS, seed })
}

/** Of the best of all classifiers, as the mean over the data sets. */
function bestLoss(features: Features): number {
  const losses = Array.from({ length: REPEATS }, (_, seed) => problem(features, seed).truth.bayes.logLoss)
  return losses.reduce((sum, loss) => sum + loss, 0) / REPEATS
}

const learningRate = float(1e-3, 1, { scale: 'log' })
const rate = float(0.05, 0.7)

/**
 * Why dropout, which helps where images are recognized, did not help to predict clicks (McMahan et al., KDD 2013, section 9.3): in
 * their view it separates features that are all there and correlated, while of sparse and noisy features it takes away what
 * little there is to learn from. So it should help in the dense regime here, and do nothing or harm in the sparse one. As in
 * the paper, features are dropped, and the model is a logistic regression.
 */
export default defineStudy({
  name: 'dropout-sparse-dense',
  question:
    'Does dropping features help where they are dense and correlated, and harm where they are sparse and noisy?',
  space: {
    regime: choice({
      dense: { learningRate },
      denseDropout: { learningRate, rate },
      sparse: { learningRate },
      sparseDropout: { learningRate, rate },
    }),
  },
  roles: { regime: 'scientific' },
  // In nats, above that of the best of all classifiers.
  metric: 'excessLoss',
  goal: 'minimize',
  budget: { trials: 48 },

  async run(trial) {
    const { regime } = trial.params
    const features = regime.kind === 'dense' || regime.kind === 'denseDropout' ? 'dense' : 'sparse'
    const share = 'rate' in regime ? regime.rate : 0
    const { validationLoss = Number.NaN, ...metrics } = await trainRepeatedly(trial, REPEATS, (repeat) => ({
      data: splitDataset(problem(features, repeat).dataset, { validation: 0.5, test: 0.25 }),
      model: logistic({ inputs: WIDTH[features] }),
      task: binaryClassification,
      optimizer: adagrad(regime),
      augment(tf, batch, random) {
        const kept = dropout({ tf, random }, inputOf(batch.inputs, 'features'), share)
        return { ...batch, inputs: { ...batch.inputs, features: kept } }
      },
      batchSize: 20,
      steps: STEPS,
      evaluateEvery: STEPS / 20,
    }))
    return { ...metrics, validationLoss, excessLoss: validationLoss - bestLoss(features) }
  },
})
