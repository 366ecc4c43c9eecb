import { choice, defineStudy, float } from 'dynotune'
import {
  constantSchedule,
  gradientNorm,
  loadDigits,
  mlp,
  sgd,
  splitDataset,
  trainRepeatedly,
  warmup,
} from 'dynotune/train'

const STEPS = 300
const REPEATS = 3

/**
 * Whether warming up lets a network that is hard to start train with higher rates, and whether that pays. The Deep Learning Tuning
 * Playbook expects that beyond some rate training breaks early on, that warmup moves this rate up, and that the shortest length
 * that is stable is enough. Rates are covered evenly, so that the report shows where training breaks: eight layers, nothing that
 * normalizes.
 */
export default defineStudy({
  name: 'warmup-instability',
  question: 'Does warmup make high learning rates trainable in a deep network without norms, and how long must it be?',
  space: {
    warmup: choice([0, 10, 30, 100]),
    learningRate: float(0.01, 0.3, { scale: 'log' }),
  },
  roles: { warmup: 'scientific' },
  sampler: 'halton',
  metric: 'validationLoss',
  goal: 'minimize',
  budget: { trials: 48 },

  run: (trial) =>
    trainRepeatedly(trial, REPEATS, () => ({
      data: splitDataset(loadDigits()),
      model: mlp({ inputs: 64, hidden: Array.from({ length: 8 }, () => 64), classes: 10 }),
      optimizer: sgd({ learningRate: trial.params.learningRate, momentum: 0.9 }),
      schedule: warmup(constantSchedule({ steps: 0 }), { steps: trial.params.warmup, factor: 0, prefix: true }),
      batchSize: 64,
      steps: STEPS,
      evaluateEvery: STEPS / 20,
      probes: [gradientNorm()],
    })),
})
