import { DynotuneError } from '../../errors.ts'
import type { Schedule } from '../../train/schedules/schedule.ts'

/** What a schedule is at the steps 0, 1, 2, … */
export interface Series {
  readonly label: string
  readonly values: Float64Array
}

/** The values of a schedule at the steps 0 to `steps`, times `rate`. @throws DynotuneError `option.invalid` */
export function sample(label: string, schedule: Schedule, steps: number, rate: number): Series {
  try {
    return { label, values: Float64Array.from({ length: steps + 1 }, (_, step) => rate * schedule(step)) }
  } catch (cause) {
    const why = cause instanceof DynotuneError ? cause.message : 'It throws an error.'
    throw new DynotuneError('option.invalid', `${label} cannot be drawn: ${why}`, {
      path: label,
      remedy: 'draw fewer --steps, or mend the schedule',
      cause: cause instanceof DynotuneError ? undefined : cause,
    })
  }
}

export interface ValueRange {
  readonly low: number
  readonly high: number
}

/** What an axis must hold: all values, and 0 where none is below it; on a log axis those above 0. */
export function rangeOf(series: readonly Series[], isLog: boolean): ValueRange {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const { values } of series) {
    for (const value of values) {
      if (isLog && value <= 0) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (low > high)
    throw new DynotuneError('option.invalid', 'Nothing is above 0, so there is nothing for a logarithmic axis.', {
      path: '--log',
      remedy: 'leave --log out',
    })
  if (isLog) return low < high ? { low, high } : { low: low / 10, high: high * 10 }
  const [bottom, top] = [Math.min(0, low), Math.max(0, high)]
  return bottom < top ? { low: bottom, high: top } : { low: 0, high: 1 }
}

/** A stretch of steps that shares one column, and where in it the values are lowest and highest. */
export interface Column {
  readonly from: number
  readonly to: number
  readonly lowest: number
  readonly highest: number
}

/** Divides the steps evenly among columns; with fewer steps than columns, a step has several. */
export function columnsOf(values: Float64Array, count: number): Column[] {
  return Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * values.length) / count)
    const to = Math.max(from, Math.ceil(((column + 1) * values.length) / count) - 1)
    let lowest = from
    let highest = from
    for (let step = from + 1; step <= to; step++) {
      if ((values[step] ?? 0) < (values[lowest] ?? 0)) lowest = step
      if ((values[step] ?? 0) > (values[highest] ?? 0)) highest = step
    }
    return { from, to, lowest, highest }
  })
}
