import { choice, defineStudy, float, int } from 'dynotune'
import {
  adam,
  blender,
  cosineDecay,
  countParameters,
  dcnV2,
  mlp,
  regression,
  splitDataset,
  testBest,
  train,
} from 'dynotune/train'

const STEPS = 3000
const data = splitDataset(blender().dataset, { validation: 0.05, test: 0.05 })

export default defineStudy({
  name: 'dcn-toy',
  question: 'Can one cross layer of 16 parameters learn products of features that a dense network only comes near?',
  space: {
    // Both are tuned over as many learning rates.
    model: choice({
      crossLayer: { learningRate: float(0.03, 0.9, { scale: 'log', step: 3 }) },
      mlp: { learningRate: float(0.001, 0.03, { scale: 'log', step: 3 }) },
    }),
    // Changes nothing but what is random: each trial has streams of its own.
    repeat: int(1, 3),
  },
  metric: 'validationRmse',
  goal: 'minimize',
  sampler: 'grid',
  budget: { trials: 24 },
  seed: 0,

  async run(trial) {
    const { kind, learningRate } = trial.params.model
    const model = modelOf(kind)
    const { metrics } = await train(trial, {
      data,
      model,
      task: regression,
      // There is no noise, so gradients fall by orders of magnitude, and the mean of their squares must forget with them.
      optimizer: adam({ learningRate, beta2: 0.99 }),
      schedule: cosineDecay({ steps: STEPS }),
      batchSize: 100,
      steps: STEPS,
      evaluateEvery: STEPS / 10,
      onBest: ({ step, weights }) => trial.checkpoint.save(step, weights),
    })
    return { ...metrics, parameters: countParameters(model) }
  },

  test: (trial) => testBest(trial, { model: modelOf(trial.params.model.kind), task: regression, data: data.test }),
})

/** The models of TensorFlow Recommenders' tutorial. */
function modelOf(kind: 'crossLayer' | 'mlp') {
  return kind === 'crossLayer'
    ? dcnV2({ embedding: 1, crossLayers: 1, rank: 'full', hidden: [] }, { features: 3 })
    : mlp({ inputs: 3, hidden: [512, 256, 128], outputs: 1 })
}
