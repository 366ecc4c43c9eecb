import { expect, test } from 'vitest'
import { gradualWarmup, linearScaling } from '../../../src/train/schedules/batch-scaling.ts'
import { growBatch } from '../../../src/train/schedules/batch-size.ts'
import { constantSchedule } from '../../../src/train/schedules/constant.ts'
import { cosineAnnealing, cosineDecay } from '../../../src/train/schedules/cosine.ts'
import { cyclic } from '../../../src/train/schedules/cyclic.ts'
import { exponentialDecay } from '../../../src/train/schedules/exponential.ts'
import { inverseSquareRoot, noam } from '../../../src/train/schedules/inverse-square-root.ts'
import { linearSchedule } from '../../../src/train/schedules/linear.ts'
import { oneCycle } from '../../../src/train/schedules/one-cycle.ts'
import { piecewiseSchedule } from '../../../src/train/schedules/piecewise.ts'
import { polynomialDecay } from '../../../src/train/schedules/polynomial.ts'
import { reduceOnPlateau } from '../../../src/train/schedules/reduce-on-plateau.ts'
import { between, scaled } from '../../../src/train/schedules/scaled.ts'
import { lambdaSchedule } from '../../../src/train/schedules/schedule.ts'
import { sequentialSchedule } from '../../../src/train/schedules/sequential.ts'
import { multiStepDecay, stepDecay } from '../../../src/train/schedules/step-decay.ts'
import { trapezoid } from '../../../src/train/schedules/trapezoid.ts'
import { cosineWarmRestarts } from '../../../src/train/schedules/warm-restarts.ts'
import { warmup } from '../../../src/train/schedules/warmup.ts'
import { thrownBy } from '../../helpers/errors.ts'

const one = lambdaSchedule(() => 1)
const decay = cosineDecay({ steps: 10 })

test.each<[string, unknown, () => unknown]>([
  ['constantSchedule.factor', -1, () => constantSchedule({ factor: -1 })],
  ['constantSchedule.steps', 1.5, () => constantSchedule({ steps: 1.5 })],
  ['linearSchedule.start', Number.NaN, () => linearSchedule({ start: Number.NaN })],
  ['linearSchedule.steps', 0, () => linearSchedule({ steps: 0 })],
  ['stepDecay.every', 0, () => stepDecay({ every: 0 })],
  ['multiStepDecay.milestones', [3, 2], () => multiStepDecay({ milestones: [3, 2] })],
  ['multiStepDecay.milestones', [-1], () => multiStepDecay({ milestones: [-1] })],
  ['polynomialDecay.power', -1, () => polynomialDecay({ steps: 5, power: -1 })],
  ['exponentialDecay.factor', -0.5, () => exponentialDecay({ factor: -0.5 })],
  ['cosineAnnealing.steps', -5, () => cosineAnnealing({ steps: -5 })],
  ['cosineDecay.end', Number.POSITIVE_INFINITY, () => cosineDecay({ steps: 5, end: Number.POSITIVE_INFINITY })],
  ['cosineWarmRestarts.multiply', 1.5, () => cosineWarmRestarts({ period: 5, multiply: 1.5 })],
  ['cosineWarmRestarts.limit', -1, () => cosineWarmRestarts({ period: 5, limit: -1 })],
  ['inverseSquareRoot.warmup', 0, () => inverseSquareRoot({ warmup: 0 })],
  ['noam.size', 0, () => noam({ size: 0 })],
  ['oneCycle.rise', 1.2, () => oneCycle({ steps: 10, rise: 1.2 })],
  ['oneCycle.rise', 0.6, () => oneCycle({ steps: 10, rise: 0.6, threePhase: true })],
  ['cyclic.down', 0, () => cyclic({ low: 0, down: 0 })],
  ['cyclic.gamma', 0, () => cyclic({ low: 0, gamma: 0 })],
  ['trapezoid.decay', 8, () => trapezoid({ steps: 10, warmup: 3, decay: 8 })],
  ['piecewiseSchedule.points', [], () => piecewiseSchedule([])],
  [
    'piecewiseSchedule.points[1].step',
    1,
    () =>
      piecewiseSchedule([
        { step: 2, value: 0 },
        { step: 1, value: 0 },
      ]),
  ],
  ['warmup.factor', -1, () => warmup(decay, { factor: -1 })],
  ['sequentialSchedule.milestones', [1], () => sequentialSchedule([decay], { milestones: [1] })],
  ['sequentialSchedule.milestones', [2, 1], () => sequentialSchedule([one, one, one], { milestones: [2, 1] })],
  ['sequentialSchedule.restart', [], () => sequentialSchedule([one, one], { milestones: [2], restart: [] })],
  ['scaled.base', Number.NaN, () => scaled(Number.NaN, decay)],
  ['between.to', Number.NaN, () => between(0, Number.NaN, decay)],
  ['reduceOnPlateau.factor', 2, () => reduceOnPlateau({ factor: 2 })],
  ['reduceOnPlateau.patience', -1, () => reduceOnPlateau({ patience: -1 })],
  ['growBatch.maxBatchSize', 8, () => growBatch({ decay, batchSize: 16, maxBatchSize: 8 })],
  ['linearScaling.batchSize', 0.5, () => linearScaling({ rate: 1, batchSize: 1 }, 0.5)],
  ['gradualWarmup.to', 0, () => gradualWarmup({ from: 1, to: 0, steps: 5 })],
])('%s is not %j', (path, value, make) => {
  const error = thrownBy(make)
  expect(error).toMatchObject({ code: 'schedule.invalid', path, value })
  expect(error.message).toContain(`${path} must be `)
})

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is no step', (step) => {
  for (const schedule of [decay, one, scaled(2, one), sequentialSchedule([one, decay], { milestones: [3] })])
    expect(thrownBy(() => schedule(step))).toMatchObject({ code: 'schedule.invalid', path: 'step', value: step })
})

test('a schedule of your own that has no finite value is named with the step', () => {
  const error = thrownBy(() => lambdaSchedule((step) => 1 / (step - 3))(3))
  expect(error).toMatchObject({ code: 'schedule.invalid', value: Number.POSITIVE_INFINITY })
  expect(error.message).toContain('step 3')
})
