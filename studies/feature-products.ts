import { choice, defineStudy, float, int } from 'dynotune'
import {
  adam,
  cosineDecay,
  countParameters,
  dcnV2,
  featureProducts,
  mlpOfEqualSize,
  regression,
  splitDataset,
  testBest,
  train,
} from 'dynotune/train'

const WIDTH = 20
const STEPS = 1000

export default defineStudy({
  name: 'feature-products',
  question: 'Does DCN-V2 learn sums of products of two and three features better than a dense network of its size?',
  space: {
    model: choice(['dcnV2', 'mlp']),
    order: int(2, 3),
    // Tuned for each model and order: cross layers of the one, hidden layers of the other, as many parameters in either.
    layers: int(1, 2),
    learningRate: float(0.01, 0.1, { scale: 'log', step: 3 }),
    // Which products there are, with which coefficients, and the rows.
    problem: int(1, 5),
  },
  metric: 'validationRmse',
  goal: 'minimize',
  sampler: 'grid',
  budget: { trials: 120 },
  seed: 0,

  async run(trial) {
    const model = modelOf(trial.params)
    const { metrics } = await train(trial, {
      data: problem(trial.params),
      model,
      task: regression,
      optimizer: adam({ learningRate: trial.params.learningRate }),
      schedule: cosineDecay({ steps: STEPS }),
      batchSize: 250,
      steps: STEPS,
      evaluateEvery: STEPS / 10,
      onBest: ({ step, weights }) => trial.checkpoint.save(step, weights),
    })
    return { ...metrics, parameters: countParameters(model) }
  },

  test: (trial) =>
    testBest(trial, { model: modelOf(trial.params), task: regression, data: problem(trial.params).test }),
})

/** Targets have a deviation of 1, which is the error of a model that has learned nothing. */
function problem({ order, problem }: { readonly order: number; readonly problem: number }) {
  return splitDataset(featureProducts({ rows: 20_000, width: WIDTH, order, seed: problem }).dataset)
}

function modelOf({ model, layers }: { readonly model: 'dcnV2' | 'mlp'; readonly layers: number }) {
  const data = { features: WIDTH }
  const cross = dcnV2({ embedding: 1, crossLayers: layers, rank: 'full', hidden: [] }, data)
  return model === 'dcnV2' ? cross : mlpOfEqualSize(cross, { embedding: 1, depth: layers }, data)
}
