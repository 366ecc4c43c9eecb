import { checkNumber, checkWhole } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

export interface WarmRestartsConfig {
  /** Steps of the first cycle. */
  readonly period: number
  /** How many times as long each next cycle is: a whole number. Default 1. */
  readonly multiply?: number
  /** What each cycle falls to. Default 0. */
  readonly end?: number
  /** How many times as high each next cycle starts. Default 1. */
  readonly decay?: number
  /** After how many cycles it stays at `end`; 0, the default: never. */
  readonly limit?: number
}

/**
 * end + (decay^i - end) (1 + cos(π t / T)) / 2 at step t of the i-th cycle from 0, of length T = period multiply^i.
 * CosineAnnealingWarmRestarts of PyTorch and OneFlow (T_mult, decay_rate, restart_limit). Loshchilov and Hutter, ICLR 2017.
 */
export function cosineWarmRestarts(config: WarmRestartsConfig): Schedule {
  const { period, multiply = 1, end = 0, decay = 1, limit = 0 } = config
  checkWhole('cosineWarmRestarts.period', period, 1)
  checkWhole('cosineWarmRestarts.multiply', multiply, 1)
  checkNumber('cosineWarmRestarts.end', end)
  checkNumber('cosineWarmRestarts.decay', decay, 0)
  checkWhole('cosineWarmRestarts.limit', limit, 0)
  return lambdaSchedule((step) => {
    const { cycle, fraction } = placeOf(step, period, multiply)
    if (limit > 0 && cycle >= limit) return end
    return end + ((decay ** cycle - end) * (1 + Math.cos(Math.PI * fraction))) / 2
  })
}

/** The number of the cycle that a step is in, and the part of it that has passed. */
function placeOf(step: number, period: number, multiply: number): { cycle: number; fraction: number } {
  if (multiply === 1) return { cycle: Math.floor(step / period), fraction: (step % period) / period }
  let cycle = 0
  let start = 0
  let length = period
  while (step >= start + length) {
    start += length
    length *= multiply
    cycle++
  }
  return { cycle, fraction: (step - start) / length }
}
