export interface Typical {
  readonly median: number
  /** 95% interval of the median from order statistics; NaN when there are too few values for one. */
  readonly low: number
  readonly high: number
}

/** The median, with its distribution-free interval: ranks n/2 ± 0.98 √n, the normal approximation of the binomial. */
export function typical(values: readonly number[]): Typical {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = (at(sorted, Math.floor(middle)) + at(sorted, Math.ceil(middle))) / 2
  const reach = 0.98 * Math.sqrt(sorted.length)
  const low = at(sorted, Math.floor(sorted.length / 2 - reach) - 1)
  const high = at(sorted, Math.ceil(sorted.length / 2 + reach))
  return { median, low, high }
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Number.NaN
}
