import { choice, defineStudy, float } from 'dynotune'
import {
  constantSchedule,
  cosineDecay,
  inverseSquareRoot,
  linearSchedule,
  loadDigits,
  mlp,
  multiStepDecay,
  oneCycle,
  type Schedule,
  sgd,
  splitDataset,
  trainRepeatedly,
  trapezoid,
} from 'dynotune/train'

const STEPS = 400
const REPEATS = 5

const schedules = {
  constant: constantSchedule({ factor: 1, steps: 0 }),
  linear: linearSchedule({ start: 1, end: 0, steps: STEPS }),
  cosine: cosineDecay({ steps: STEPS }),
  step: multiStepDecay({ milestones: [STEPS / 2, (STEPS * 3) / 4] }),
  oneCycle: oneCycle({ steps: STEPS }),
  trapezoid: trapezoid({ steps: STEPS, decay: STEPS / 5 }),
  inverseSquareRoot: inverseSquareRoot({ warmup: STEPS / 20 }),
} satisfies Record<string, Schedule>

/**
 * Whether it matters how a learning rate falls, when the rate itself is tuned for each schedule. The Deep Learning Tuning Playbook
 * takes linear or cosine decay by default and expects that any decay is better than none, and little between decays.
 */
export default defineStudy({
  name: 'schedules',
  question: 'Which learning rate schedule is best for a small dense network, each with its own rate tuned?',
  space: {
    schedule: choice(['constant', 'linear', 'cosine', 'step', 'oneCycle', 'trapezoid', 'inverseSquareRoot']),
    learningRate: float(1e-3, 3, { scale: 'log' }),
  },
  roles: { schedule: 'scientific' },
  startIn: { learningRate: [0.03, 0.5] },
  metric: 'validationLoss',
  goal: 'minimize',
  budget: { trials: 56 },

  run: (trial) =>
    trainRepeatedly(trial, REPEATS, () => ({
      data: splitDataset(loadDigits()),
      model: mlp({ inputs: 64, hidden: [64], classes: 10 }),
      optimizer: sgd({ learningRate: trial.params.learningRate, momentum: 0.9 }),
      schedule: schedules[trial.params.schedule],
      batchSize: 32,
      steps: STEPS,
      evaluateEvery: STEPS / 20,
    })),
})
