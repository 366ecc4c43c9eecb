import { defineStudy, float, int, type MetricTarget, stepsToTarget } from 'dynotune'
import { loadMnist, mlp, noiseScale, sgd, splitDataset, throughput, train } from 'dynotune/train'

/** Of the training loss, which is 2.3 at the start: early and late, since the critical batch size grows as the loss falls. */
const TARGETS = [0.1, 0.2, 0.4].map((atMost): MetricTarget => ({ metric: 'trainSetLoss', atMost }))
/** Training goes on for as many examples, and for as many steps at least. */
const EXAMPLES = 480_000
const STEPS = 600
/** Between evaluations, in examples. */
const INTERVAL = 2048

export default defineStudy({
  name: 'critical-batch-size',
  question: 'How large a batch pays off for a dense network on MNIST?',
  space: {
    batchSize: int(16, 4096, { scale: 'log', step: 2 }),
    learningRate: float(1e-3, 10, { scale: 'log' }),
    momentum: float(0, 0.95),
  },
  roles: { batchSize: 'scientific' },
  startIn: { learningRate: [0.03, 0.5] },
  metric: 'steps',
  goal: 'minimize',
  criticalBatchSize: { targets: TARGETS },
  budget: { trials: 108 },

  async run(trial) {
    const { batchSize, learningRate, momentum } = trial.params
    const { train: all } = loadMnist()
    const { curve } = await train(trial, {
      data: splitDataset(all, { validation: 1 / 6 }),
      model: mlp({ inputs: 784, hidden: [128], classes: 10 }),
      optimizer: sgd({ learningRate, momentum }),
      batchSize,
      steps: Math.max(STEPS, Math.ceil(EXAMPLES / batchSize)),
      evaluateEvery: Math.max(1, Math.round(INTERVAL / batchSize)),
      evaluateOn: { train: 2000, rows: 500 },
      targets: TARGETS,
      stopAtTarget: true,
      probes: [noiseScale(), throughput()],
    })
    const losses = curve.map(({ step, trainSetLoss }) => ({ step, value: trainSetLoss ?? Number.NaN }))
    return { steps: stepsToTarget(losses, { atMost: 0.1 }) }
  },
})
