import { defineStudy, float } from 'dynotune'
import { adamw, cnn, cosineDecay, loadMnist, splitDataset, testBest, train, warmup } from 'dynotune/train'

const BATCH = 64
/** Two epochs of the 55,000 images that are trained on. */
const STEPS = Math.floor((2 * 55_000) / BATCH)
const WARMUP = 100

export default defineStudy({
  name: 'mnist-cnn',
  question:
    'Which learning rate, and how much dropout, let a small convolutional network read MNIST best in two epochs?',
  space: {
    learningRate: float(1e-3, 4e-3, { scale: 'log' }),
    hiddenDropout: float(0, 0.5),
  },
  metric: 'validationAccuracy',
  goal: 'maximize',
  // A trial takes minutes on a processor.
  budget: { trials: 3 },
  parallel: 1,
  seed: 0,

  async run(trial) {
    const { learningRate, hiddenDropout } = trial.params
    const { metrics } = await train(trial, {
      data: data(),
      model: cnn({ classes: 10, hiddenDropout }),
      optimizer: adamw({ learningRate }),
      schedule: warmup(cosineDecay({ steps: STEPS - WARMUP }), { steps: WARMUP, factor: 0, prefix: true }),
      batchSize: BATCH,
      steps: STEPS,
      evaluateEvery: Math.ceil(STEPS / 4),
      // An interrupted trial goes on from here.
      checkpointEvery: Math.ceil(STEPS / 4),
    })
    return metrics
  },

  test: (trial) => testBest(trial, { model: cnn({ classes: 10 }), data: data().test }),
})

/** A twelfth of the published training images to choose on; the published test images for the last word. */
function data() {
  const { train, test } = loadMnist()
  return splitDataset(train, { validation: 1 / 12, test })
}
