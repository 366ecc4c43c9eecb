import { defineStudy, float, int } from 'dynotune'
import {
  adam,
  binaryClassification,
  clicks,
  cosineDecay,
  countParameters,
  dcnV2,
  splitDataset,
  trainRepeatedly,
} from 'dynotune/train'

const [FIELDS, VALUES, EMBEDDING] = [8, 10, 4]
/** d, as wide as a row is with its embeddings. */
const WIDTH = FIELDS * EMBEDDING
const STEPS = 400
/** Click logs, each with a truth of its own. */
const REPEATS = 3

function log(seed: number) {
  return clicks({ rows: 10_000, seed, fields: FIELDS, values: VALUES, exponent: 0.5, crosses: 3, crossed: 1.5 })
}

/** Of a model that knows the truth, as the mean over the logs. */
const bestLoss = Array.from({ length: REPEATS }, (_, seed) => log(seed).truth.bayes.logLoss / REPEATS).reduce(
  (a, b) => a + b,
)

/**
 * How low the rank of a cross layer's matrix of weights can be. Wang et al. (WWW 2021) found d/4, here 8, to preserve the accuracy,
 * since such matrices have few large singular values. A matrix of rank d/2, here 16, has as many parameters as the whole one.
 */
export default defineStudy({
  name: 'dcn-rank',
  question: 'How low can the rank of cross layers be before DCN-V2 predicts clicks worse?',
  space: {
    // The last stands for the whole matrix.
    rank: int(1, WIDTH, { scale: 'log', step: 2 }),
    learningRate: float(1e-3, 0.1, { scale: 'log' }),
  },
  roles: { rank: 'scientific' },
  // In nats, above what a model that knows the truth reaches.
  metric: 'excessLoss',
  goal: 'minimize',
  objectives: { parameters: 'minimize' },
  budget: { trials: 48 },

  async run(trial) {
    const { rank, learningRate } = trial.params
    const model = dcnV2(
      { embedding: EMBEDDING, crossLayers: 1, rank: rank === WIDTH ? 'full' : rank, hidden: [] },
      { fields: FIELDS, vocabulary: FIELDS * VALUES },
    )
    const { validationLoss = Number.NaN, ...metrics } = await trainRepeatedly(trial, REPEATS, (repeat) => ({
      data: splitDataset(log(repeat).dataset),
      model,
      task: binaryClassification,
      optimizer: adam({ learningRate }),
      schedule: cosineDecay({ steps: STEPS }),
      batchSize: 200,
      steps: STEPS,
      evaluateEvery: STEPS / 10,
    }))
    return { ...metrics, validationLoss, excessLoss: validationLoss - bestLoss, parameters: countParameters(model) }
  },
})
