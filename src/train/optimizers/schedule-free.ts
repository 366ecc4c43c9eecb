import { add, type Expression, mul, sub } from '../../engine/fusion/expression.ts'
import type { Tree } from '../../engine/fusion/realize.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { checkRange } from './parts/check.ts'
import { copy } from './parts/copy.ts'
import { valueAt } from './parts/value-at.ts'
import { type Transformation, valuesOf, zip } from './transformation.ts'

export interface Averaging {
  /** β in (0, 1], which takes momentum's place: how far gradients are taken towards the average. Default 0.9. */
  readonly beta?: number
  /** p: a step weighs (largest rate so far)ᵖ in the average, at least 0. Default 2. */
  readonly weightPower?: number
}

export interface ScheduleFreeConfig extends Averaging {
  /** The rate that weighs steps: that of the inner optimizer. */
  readonly learningRate: number | Schedule
}

export type ScheduleFreeState = { step: number; maxRate: number; weights: number; base: Expression[]; inner: Tree }

/**
 * Schedule-free learning, Defazio et al., NeurIPS 2024, around an optimizer without momentum, with a rate that warms up
 * and does not decay. Its steps u go from z; gradients are taken at y, the parameters that are trained, and the average x
 * is evaluated:
 * z ← z + u, x ← (1-c) x + c z, y ← (1-β) z + β x, with c the part of this step in the weights so far. x is not stored:
 * y ← y + c (z - y) + (1 - β (1-c)) u with z before the step, and x = y + (1 - 1/β) (z - y).
 * Agrees with `optax.contrib.schedule_free`, except that optax weighs step t by the rate of step t + 1.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scheduleFree(inner: Transformation, config: ScheduleFreeConfig): Transformation<ScheduleFreeState> {
  const { learningRate, beta = 0.9, weightPower = 2 } = config
  checkRange('scheduleFree.beta', beta, '(0, 1]')
  checkRange('scheduleFree.weightPower', weightPower, '[0, ∞)')
  return {
    init: (params) => ({
      step: 0,
      maxRate: 0,
      weights: 0,
      base: valuesOf(params).map(copy),
      inner: inner.init(params),
    }),
    update(gradients, before, params) {
      const steps = inner.update(gradients, before.inner, params)
      const maxRate = Math.max(before.maxRate, valueAt(learningRate, before.step))
      const weight = maxRate ** weightPower
      const weights = before.weights + weight
      const part = weights === 0 ? 0 : weight / weights
      const towards = zip(before.base, valuesOf(params), (z, y) => mul(sub(z, y), part))
      const updates = zip(towards, steps.updates, (a, u) => add(a, mul(u, 1 - beta * (1 - part))))
      const base = zip(before.base, steps.updates, add)
      return { updates, state: { step: before.step + 1, maxRate, weights, base, inner: steps.state } }
    },
    averaged: ({ base }, params) => zip(valuesOf(params), base, (y, z) => add(y, mul(sub(z, y), 1 - 1 / beta))),
  }
}
