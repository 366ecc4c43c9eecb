import { defineStudy, float, int, stepsToTarget } from 'dynotune'
import { noisyQuadratic, simulateQuadratic } from 'dynotune/train'

/** Of 4.89 at the start. */
const TARGET = { metric: 'loss', atMost: 0.1 }
/** Twice what the smallest batch takes at its best. */
const MOST_STEPS = 160_000

/**
 * How many steps a batch size takes on a problem whose answer is known: the noisy quadratic model of Zhang et al. 2019 (arXiv
 * 1907.04164), simulated. From its closed form, with the best learning rate of a hundred, batches of 4, 16, …, 4,096 take 81,326,
 * 21,059, 6,455, 3,704, 3,015 and 2,839 steps.
 */
export default defineStudy({
  name: 'noisy-quadratic',
  question: 'How large a batch pays off on the noisy quadratic model, where the answer is known?',
  space: {
    batchSize: int(4, 4096, { scale: 'log', step: 4 }),
    learningRate: float(1e-3, 2, { scale: 'log' }),
  },
  roles: { batchSize: 'scientific' },
  startIn: { learningRate: [0.3, 1] },
  metric: 'steps',
  goal: 'minimize',
  criticalBatchSize: { targets: [TARGET] },
  budget: { trials: 84 },

  run(trial) {
    const { batchSize, learningRate } = trial.params
    const curve: { step: number; value: number }[] = []
    const problem = noisyQuadratic()
    for (const { step, loss } of simulateQuadratic(problem, { rate: learningRate, batchSize }, trial.random('noise'))) {
      trial.report({ step, loss })
      curve.push({ step, value: loss })
      // Beyond stability it grows for ever.
      if (loss <= TARGET.atMost || !(loss < 100) || step > MOST_STEPS || trial.shouldStop()) break
    }
    return { steps: stepsToTarget(curve, TARGET) }
  },
})
