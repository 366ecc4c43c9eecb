/**
 * The number below which a share of others lies, between the two nearest in proportion (type 7 of Hyndman and Fan, "Sample
 * quantiles in statistical packages", Am. Stat. 50, 1996). Infinite numbers count as what they are.
 * @param sorted ascending, without NaN
 * @param share in [0, 1]
 * @returns NaN where there are none
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  const above = place - Math.floor(place)
  // 0 times Infinity is no number.
  return low === high ? low : (1 - above) * low + above * high
}

/** The middle number, or the mean of the middle two; NaN where there are none. */
export function median(numbers: readonly number[]): number {
  return quantile(
    [...numbers].sort((a, b) => a - b),
    0.5,
  )
}
