import { choice, defineStudy, float, int } from 'dynotune'
import { adam, binaryClassification, clickModel, cosineDecay, train } from 'dynotune/train'
import { columns, data, settings } from '../../studies/adult.ts'

/** Four epochs, whatever the batch. */
const EXAMPLES = 4 * 22_793

/** DCN-V2 on "Adult" with all that is worth tuning of it, for samplers to be compared by. */
export default defineStudy({
  name: 'adult-dcn-v2',
  space: {
    learningRate: float(1e-4, 0.1, { scale: 'log' }),
    batchSize: int(128, 2048, { scale: 'log', step: 2 }),
    embedding: int(4, 16, { scale: 'log', step: 2 }),
    depth: int(1, 3),
    width: int(16, 256, { scale: 'log', step: 2 }),
    dropout: float(0, 0.5),
    crossLayers: int(1, 3),
    structure: choice(['stacked', 'parallel']),
    rank: choice({ full: {}, low: { rank: int(2, 32, { scale: 'log', step: 2 }) } }),
  },
  metric: 'validationAuc',
  goal: 'maximize',
  budget: { trials: 20 },
  seed: 0,

  async run(trial) {
    const { learningRate, batchSize, ...model } = trial.params
    const steps = Math.round(EXAMPLES / batchSize)
    const { metrics } = await train(trial, {
      data,
      model: clickModel({ ...settings, ...model, kind: 'dcnV2' }, columns),
      task: binaryClassification,
      optimizer: adam({ learningRate }),
      schedule: cosineDecay({ steps }),
      ...{ batchSize, steps, evaluateEvery: Math.ceil(steps / 4) },
    })
    return metrics
  },
})
