import { DynotuneError } from '../../errors.ts'

/**
 * What a learning rate, batch size, momentum or weight decay is at a step; steps count from 0. Most schedules here are
 * factors of a base value, as in PyTorch and OneFlow: `scaled(0.1, cosineDecay({ steps: 1000 }))` is a rate.
 */
export type Schedule = (step: number) => number

/**
 * A schedule of your own: LambdaLR of PyTorch and OneFlow. What all others here are made with too.
 * @throws DynotuneError `schedule.invalid` when called with anything but a whole number from 0, and when `valueAt` gives
 * no finite number
 */
export function lambdaSchedule(valueAt: Schedule): Schedule {
  return (step) => {
    if (!Number.isSafeInteger(step) || step < 0)
      throw new DynotuneError('schedule.invalid', 'Steps are whole numbers from 0.', { path: 'step', value: step })
    const value = valueAt(step)
    if (Number.isFinite(value)) return value
    throw new DynotuneError('schedule.invalid', `The schedule has no finite value at step ${step}.`, {
      path: 'step',
      value,
      remedy: 'let it return a finite number at every step that is trained',
    })
  }
}
