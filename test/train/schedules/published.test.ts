import { describe, expect, test } from 'vitest'
import { chainedSchedule } from '../../../src/train/schedules/chained.ts'
import { constantSchedule } from '../../../src/train/schedules/constant.ts'
import { cosineAnnealing, cosineDecay } from '../../../src/train/schedules/cosine.ts'
import { cyclic } from '../../../src/train/schedules/cyclic.ts'
import { exponentialDecay } from '../../../src/train/schedules/exponential.ts'
import { linearSchedule } from '../../../src/train/schedules/linear.ts'
import { oneCycle } from '../../../src/train/schedules/one-cycle.ts'
import { polynomialDecay } from '../../../src/train/schedules/polynomial.ts'
import { between, scaled } from '../../../src/train/schedules/scaled.ts'
import { lambdaSchedule, type Schedule } from '../../../src/train/schedules/schedule.ts'
import { sequentialSchedule } from '../../../src/train/schedules/sequential.ts'
import { multiStepDecay, stepDecay } from '../../../src/train/schedules/step-decay.ts'
import { cosineWarmRestarts } from '../../../src/train/schedules/warm-restarts.ts'
import { warmup } from '../../../src/train/schedules/warmup.ts'
import reference from '../../fixtures/train/schedules.json' with { type: 'json' }
import torch from './torch.json' with { type: 'json' }

/** To 1e-12 of the value; an absolute 1e-15 where it is 0. */
function expectSame(actual: number, expected: number, step: number): void {
  const message = `step ${step}: ${actual}, not ${expected}`
  expect(Math.abs(actual - expected), message).toBeLessThanOrEqual(1e-12 * Math.abs(expected) + 1e-15)
}

describe('a hundred steps follow PyTorch', () => {
  const factors: Record<string, Schedule> = {
    constant: constantSchedule(),
    linear: linearSchedule(),
    step: stepDecay({ every: 30 }),
    multiStep: multiStepDecay({ milestones: [30, 80] }),
    polynomial: polynomialDecay({ steps: 60, power: 2 }),
    exponential: exponentialDecay({ factor: 0.95 }),
    cosineAnnealing: cosineAnnealing({ steps: 50, end: 0.01 }),
    cosineWarmRestarts: cosineWarmRestarts({ period: 10, multiply: 2, end: 0.01 }),
    oneCycle: oneCycle({ steps: 100 }),
    'cyclic.triangular2': cyclic({ up: 10, low: 0.01, mode: 'triangular2' }),
    'sequential(linear->cosine)': sequentialSchedule(
      [linearSchedule({ start: 0.1, steps: 10 }), cosineAnnealing({ steps: 90 })],
      { milestones: [10] },
    ),
    'chained(constant*exponential)': chainedSchedule(
      constantSchedule({ factor: 0.1, steps: 2 }),
      exponentialDecay({ factor: 0.9 }),
    ),
  }

  // Reducing on a plateau is no function of the step: reduce-on-plateau.test.ts.
  test.each(reference.schedules.filter(({ name }) => name !== 'reduceOnPlateau'))('$name', ({ name, base_lr, lr }) => {
    const factor = factors[name]
    if (!factor) throw new Error(`no schedule for ${name}`)
    const rate = scaled(base_lr, factor)
    expect(lr).toHaveLength(100)
    for (const [step, value] of lr.entries()) expectSame(rate(step), value, step)
  })
})

describe('so do, at some steps,', () => {
  const schedules: Record<string, Schedule> = {
    cosineBeyond: cosineAnnealing({ steps: 7, end: 0.05 }),
    cosineZero: cosineAnnealing({ steps: 10 }),
    linearUp: linearSchedule({ start: 0.25, end: 0.5, steps: 8 }),
    multiTwice: multiStepDecay({ milestones: [5, 5, 20], factor: 0.5 }),
    oneCycleLinear: oneCycle({ steps: 50, rise: 0.25, anneal: 'linear', start: 0.1, end: 0.001 }),
    oneCycle3: oneCycle({ steps: 50, rise: 0.25, threePhase: true }),
    oneCycleOdd: oneCycle({ steps: 7 }),
    oneCycleMomentum: between(0.95, 0.85, oneCycle({ steps: 50, start: 0, end: 0 })),
    triangular: cyclic({ up: 4, down: 6, low: 0.1 }),
    expRange: cyclic({ up: 5, down: 3, low: 0.1, mode: 'expRange', gamma: 0.9 }),
    cyclicMomentum: between(0.9, 0.8, cyclic({ up: 4, down: 6, low: 0 })),
    restarts: cosineWarmRestarts({ period: 3, multiply: 3, end: 0.02 }),
    chain3: chainedSchedule(
      linearSchedule({ start: 0.2, steps: 6 }),
      stepDecay({ every: 10, factor: 0.5 }),
      cosineAnnealing({ steps: 45 }),
    ),
    chainPoly: chainedSchedule(polynomialDecay({ steps: 50, power: 1.5 }), exponentialDecay({ factor: 0.97 })),
    sequential3: sequentialSchedule(
      [constantSchedule({ factor: 0.5, steps: 4 }), exponentialDecay({ factor: 0.9 }), stepDecay({ every: 5 })],
      { milestones: [6, 20] },
    ),
  }

  test.each(torch.schedules)('$torch', ({ name, values }) => {
    const schedule = schedules[name]
    if (!schedule) throw new Error(`no schedule for ${name}`)
    expect(values.length).toBeGreaterThan(5)
    for (const [i, value] of values.entries()) expectSame(schedule(torch.steps[i] ?? -1), value, torch.steps[i] ?? -1)
  })
})

describe('OneFlow 0.7', () => {
  const decay = cosineDecay({ steps: 5, end: 0.1 })
  const cos = (t: number) => (1 + Math.cos(Math.PI * t)) / 2

  test.each<[string, Schedule, readonly number[], number]>([
    [
      'CosineDecayLR',
      scaled(0.001, decay),
      [0.001, 0.000914058, 0.000689058, 0.000410942, 0.000185942, 0.0001, 0.0001],
      9,
    ],
    [
      'WarmupLR without prefix',
      scaled(0.001, warmup(decay, { factor: 0.5, steps: 2 })),
      [0.0005, 0.000594529, 0.000689058, 0.000410942],
      9,
    ],
    [
      'WarmupLR with prefix',
      scaled(0.001, warmup(decay, { factor: 0.5, steps: 2, prefix: true })),
      [0.0005, 0.00075, 0.001, 0.000914058],
      9,
    ],
    [
      'ChainedScheduler',
      chainedSchedule(constantSchedule({ factor: 0.1, steps: 2 }), exponentialDecay({ factor: 0.9 })),
      [0.1, 0.09, 0.81, 0.729, 0.6561],
      12,
    ],
    [
      'CosineAnnealingWarmRestarts',
      cosineWarmRestarts({ period: 2, multiply: 2 }),
      [1, 0.5, 1, 0.853553, 0.5, 0.146447, 1],
      6,
    ],
    [
      'the same, lower with each restart, three times',
      cosineWarmRestarts({ period: 2, end: 0.1, decay: 0.5, limit: 3 }),
      [1, 0.55, 0.5, 0.3, 0.25, 0.175, 0.1, 0.1, 0.1],
      12,
    ],
    [
      'PolynomialLR',
      scaled(0.1, polynomialDecay({ steps: 5, end: 1e-3, power: 2 })),
      [0.1, 0.064036, 0.036064, 0.016084, 0.004096, 0.0001, 0.0001],
      12,
    ],
    [
      'the same in cycles',
      polynomialDecay({ steps: 2, end: 0.2, cycle: true }),
      [1, 0.6, 0.2, 0.4, 0.2, 0.2 + 0.8 / 6, 0.2],
      12,
    ],
    [
      'SequentialLR',
      sequentialSchedule([constantSchedule({ factor: 0.1, steps: 2 }), exponentialDecay({ factor: 0.9 })], {
        milestones: [2],
        restart: false,
      }),
      [0.1, 0.1, 0.81, 0.729],
      12,
    ],
    [
      'the same with interval_rescaling for the last alone',
      sequentialSchedule([constantSchedule(), exponentialDecay({ factor: 0.5 }), exponentialDecay({ factor: 0.5 })], {
        milestones: [1, 3],
        restart: [false, true],
      }),
      [1 / 3, 0.5, 0.25, 1, 0.5],
      12,
    ],
    [
      'WarmupLR, constant',
      warmup(exponentialDecay({ factor: 0.5 }), { factor: 0.2, steps: 2, method: 'constant' }),
      [0.2, 0.2, 0.25, 0.125],
      12,
    ],
    [
      'WarmupLR, constant with prefix',
      warmup(exponentialDecay({ factor: 0.5 }), { factor: 0.2, steps: 2, method: 'constant', prefix: true }),
      [0.2, 0.2, 1, 0.5],
      12,
    ],
    ['WarmupLR of no steps', warmup(exponentialDecay({ factor: 0.5 }), { steps: 0 }), [1, 0.5, 0.25], 12],
    ['LambdaLR', lambdaSchedule((step) => 0.95 ** step), [1, 0.95, 0.9025], 12],
    ['CosineAnnealingLR', cosineAnnealing({ steps: 4, end: 0.2 }), [1, 0.2 + 0.8 * cos(0.25), 0.6], 12],
  ])('%s', (_, schedule, values, digits) => {
    for (const [step, value] of values.entries()) expect(schedule(step), `step ${step}`).toBeCloseTo(value, digits)
  })
})
