import { choice, defineStudy, float, int } from 'dynotune'
import { adamw, loadMnist, mlp, sgd, splitDataset, takeRows, train } from 'dynotune/train'

const IMAGES = 25_000
const STEPS = 1000
const REPORTS = 25

/** The data are the same for all trials of a trainer process. */
let loaded: ReturnType<typeof splitDataset> | undefined

/** Short trainings whose curves `bench/pruners.ts` replays: good, bad and hopeless ones, as a wide space gives them. */
export default defineStudy({
  name: 'mnist-mlp-curves',
  question: 'How do the validation errors of 500 small dense networks on MNIST fall while they train?',
  space: {
    optimizer: choice({
      nesterov: { learningRate: float(1e-3, 2, { scale: 'log' }), momentum: float(0.5, 0.99, { scale: 'reverseLog' }) },
      adamw: { learningRate: float(1e-5, 1e-1, { scale: 'log' }), weightDecay: float(1e-3, 1, { scale: 'log' }) },
    }),
    width: int(16, 128, { scale: 'log' }),
    layers: int(1, 2),
    dropout: float(0, 0.6),
    batchSize: choice([16, 32, 64]),
  },
  metric: 'validationAccuracy',
  goal: 'maximize',
  budget: { trials: 500 },
  parallel: 1,
  seed: 0,
  sampler: 'random',
  engine: 'wasm',

  async run(trial) {
    const { optimizer, width, layers, dropout, batchSize } = trial.params
    const { metrics } = await train(trial, {
      data: data(),
      model: mlp({ inputs: 784, hidden: Array(layers).fill(width), classes: 10, dropout }),
      optimizer: optimizer.kind === 'adamw' ? adamw(optimizer) : sgd({ ...optimizer, nesterov: true }),
      batchSize,
      steps: STEPS,
      evaluateEvery: STEPS / REPORTS,
    })
    return metrics
  },
})

/** The first 25,000 of the published training images: a fifth of them, 5,000, to choose on, the rest to train on. */
function data() {
  if (!loaded) {
    const { train, test } = loadMnist()
    loaded = splitDataset(takeRows(train, [...Array(IMAGES).keys()]), { validation: 0.2, test })
  }
  return loaded
}
