import { checkNumber, checkWhole } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

export interface PolynomialConfig {
  /** Steps of the decay. */
  readonly steps: number
  /** Default 0. */
  readonly end?: number
  /** Default 1: linear. */
  readonly power?: number
  /** Whether to start over, lower, each time that `end` is reached. Default false: stay there. */
  readonly cycle?: boolean
}

/**
 * end + (1 - end) (1 - s / N)^power, with N = steps; with `cycle` N = steps ⌈s / steps⌉, of which s / steps falls from 1 to 0
 * first, then from almost 1/2, 1/3, and so on. PolynomialLR of PyTorch (whose end is 0) and of OneFlow, whose `cycle` has
 * step 0 repeat step 1; here it is 1, as in Keras' PolynomialDecay.
 */
export function polynomialDecay({ steps, end = 0, power = 1, cycle = false }: PolynomialConfig): Schedule {
  checkWhole('polynomialDecay.steps', steps, 1)
  checkNumber('polynomialDecay.end', end)
  checkNumber('polynomialDecay.power', power, 0)
  return lambdaSchedule((step) => {
    const length = cycle ? steps * Math.max(1, Math.ceil(step / steps)) : steps
    return end + (1 - end) * (1 - Math.min(step, length) / length) ** power
  })
}
