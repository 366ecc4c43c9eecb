import { choice, defineStudy, float } from 'dynotune'
import { adamw, cosineDecay, loadMnist, mlp, sgd, splitDataset, testBest, train, warmup } from 'dynotune/train'

const BATCH = 128
/** Five epochs of the 50,000 images that are trained on. */
const STEPS = Math.floor((5 * 50_000) / BATCH)
const WARMUP = 100

export default defineStudy({
  name: 'mnist',
  question:
    'Which optimizer, with or without batch norm, lets a dense network of 512-512 read MNIST best in five epochs?',
  space: {
    optimizer: choice({
      adamw: { learningRate: float(1e-3, 4e-3, { scale: 'log' }) },
      nesterov: { learningRate: float(0.1, 0.3, { scale: 'log' }) },
    }),
    norm: choice({ none: {}, batch: {} }),
    dropout: float(0.1, 0.4),
  },
  metric: 'validationAccuracy',
  goal: 'maximize',
  budget: { trials: 6 },
  // One trial keeps all cores busy.
  parallel: 1,
  seed: 0,

  async run(trial) {
    const { optimizer, norm, dropout } = trial.params
    const { learningRate } = optimizer
    const { metrics } = await train(trial, {
      data: data(),
      model: model(norm, dropout),
      optimizer:
        optimizer.kind === 'adamw' ? adamw({ learningRate }) : sgd({ learningRate, momentum: 0.9, nesterov: true }),
      schedule: warmup(cosineDecay({ steps: STEPS - WARMUP }), { steps: WARMUP, factor: 0, prefix: true }),
      batchSize: BATCH,
      steps: STEPS,
      evaluateEvery: Math.ceil(STEPS / 5),
      onBest: ({ step, weights }) => trial.checkpoint.save(step, weights),
    })
    return metrics
  },

  test: (trial) => testBest(trial, { model: model(trial.params.norm), data: data().test }),
})

/** A sixth of the published training images to choose on; the published test images for the last word. */
function data() {
  const { train, test } = loadMnist()
  return splitDataset(train, { validation: 1 / 6, test })
}

function model(norm: { readonly kind: 'none' | 'batch' }, dropout = 0) {
  return mlp({ inputs: 784, hidden: [512, 512], classes: 10, norm, dropout })
}
