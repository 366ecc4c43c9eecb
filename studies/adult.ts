import { choice, DynotuneError, defineStudy, fixed, float, int, type Params } from 'dynotune'
import {
  adam,
  binaryClassification,
  clickModel,
  cosineDecay,
  countParameters,
  downloadAdult,
  loadAdult,
  prepare,
  splitRows,
  testBest,
  train,
} from 'dynotune/train'

/** Of the file that ADULT_DATA names; without one it is downloaded, 4 MB, once. */
const table = loadAdult(process.env.ADULT_DATA ?? (await downloadAdult('.dynotune/data').catch(explain)))
export const { encoding, ...data } = prepare(table, splitRows(table.rows, { validation: 0.15, test: 0.15 }))
export const columns = {
  features: encoding.features.length,
  fields: encoding.fields.length,
  vocabulary: encoding.fields.reduce((sum, { size }) => sum + size, 0),
}

/** The same for all models, as far as they have it. */
export const settings = {
  embedding: 8,
  depth: 2,
  width: 64,
  norm: { kind: 'none' },
  dropout: 0.1,
  products: 'inner',
  bottomDepth: 1,
  interactions: 2,
  maps: 8,
  layers: 2,
  heads: 2,
  headWidth: 8,
  residual: true,
  feed: 4,
  coActionDepth: 2,
  coActionWidth: 4,
  orders: 2,
  crossLayers: 2,
  structure: 'stacked',
  experts: 4,
} as const

/** A quarter of the width of what cross layers get. */
const RANK = Math.floor((columns.features + columns.fields * settings.embedding) / 4)
/** Eight epochs. */
export const training = { batchSize: 512, steps: 360, evaluateEvery: 45 }

const space = {
  model: choice({
    logisticRegression: {},
    factorizationMachine: {},
    clickMlp: {},
    wideAndDeep: {},
    deepFm: {},
    pnn: {},
    dlrm: {},
    xDeepFm: {},
    autoInt: {},
    can: {},
    dcn: {},
    dcnV2: { rank: choice({ full: {}, low: { rank: fixed(RANK) } }) },
    dcnMix: { rank: fixed(RANK) },
  }),
  // Tuned for each model.
  learningRate: float(0.003, 0.03, { scale: 'log', step: 3 }),
  // Changes nothing but what is random: each trial has streams of its own.
  repeat: int(1, 5),
}

export default defineStudy({
  name: 'adult',
  question: 'Which click model predicts best who of the "Adult" census earns more than $50,000 a year?',
  space,
  metric: 'validationAuc',
  goal: 'maximize',
  sampler: 'grid',
  budget: { trials: 210 },
  seed: 0,

  async run(trial) {
    const model = modelOf(trial.params.model)
    const { metrics } = await train(trial, {
      data,
      model,
      task: binaryClassification,
      optimizer: adam(trial.params),
      schedule: cosineDecay(training),
      ...training,
      onBest: ({ step, weights }) => trial.checkpoint.save(step, weights),
    })
    return { ...metrics, parameters: countParameters(model) }
  },

  test: (trial) => testBest(trial, { model: modelOf(trial.params.model), task: binaryClassification, data: data.test }),
})

function modelOf(params: Params<typeof space>['model']) {
  return clickModel({ ...settings, ...params }, columns)
}

function explain(cause: unknown): never {
  throw new DynotuneError('data.missing', 'The "Adult" data are not here, and cannot be downloaded.', {
    path: 'ADULT_DATA',
    remedy: 'get adult.data from https://archive.ics.uci.edu/dataset/2/adult and set ADULT_DATA to its path',
    cause,
  })
}
