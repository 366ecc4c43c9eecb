import { round } from '../format.ts'
import type { ValueScale } from './value-scale.ts'

/** Height of the strip below a plot where trials without a value are marked, apart from those that have one. */
export const STRIP = 32

/** How numbers on an axis are written: plain digits as needed, an exponent for the very large and the small. */
export const NUMBERS = {
  format: '~r',
  labelExpr: `datum.value != 0 && (abs(datum.value) < 0.001 || abs(datum.value) >= 1e6)
    ? replace(format(datum.value, '~e'), 'e+', 'e') : datum.label`,
}

/** The y channel of the study's metric; `below` leaves room under the axis. */
export function valueAxis(scale: ValueScale, height: number, title: string | null, below = 0) {
  return {
    field: 'y',
    type: 'quantitative' as const,
    title,
    scale: {
      type: scale.type,
      domain: [...scale.domain],
      range: [height - below, 0],
      nice: false,
      ...(scale.type === 'linear' && { zero: false }),
    },
    axis: {
      ...NUMBERS,
      tickCount: height < 200 ? 4 : 6,
      // Panels stand apart by more than this, so that a name may reach beyond its own.
      titleLimit: height + 40,
      ...(scale.type === 'log' && { values: logTicks(...scale.domain) }),
    },
  }
}

/** The y channel of the marks in the strip: failed ones above infeasible ones, for they may share their place. */
export function inStrip(height: number, kind: 'infeasible' | 'failed') {
  return { value: height - (kind === 'failed' ? 17 : 6) }
}

/** A channel on a logarithmic scale between two values, with ticks of its own. */
export function logChannel(
  field: string,
  title: string,
  [low, high]: readonly [number, number],
  values = logTicks(low, high),
) {
  return {
    field,
    type: 'quantitative' as const,
    title,
    scale: { type: 'log' as const, domain: [low, high], nice: false },
    axis: { ...NUMBERS, values, labelOverlap: true },
  }
}

/** Powers of ten; with few of them also their doubles and fivefolds; every second or third where there are many. */
export function logTicks(low: number, high: number): number[] {
  const from = Math.ceil(Math.log10(low) - 1e-9)
  const to = Math.floor(Math.log10(high) + 1e-9)
  const decades = to - from + 1
  const factors = decades <= 2 ? [1, 2, 5] : [1]
  const every = Math.ceil(decades / 6)
  const ticks: number[] = []
  for (let power = from - 1; power <= to; power++) {
    if (factors.length === 1 && (power - from) % every !== 0) continue
    for (const factor of factors) ticks.push(Number(`${factor}e${power}`))
  }
  const inside = ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
  return inside.length >= 2 ? inside : [round(low), round(high)]
}
