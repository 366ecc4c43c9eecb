/**
 * The width of each kernel: the wider of the gaps to its neighbours on either side (Bergstra et al. 2011, section 4; the
 * outermost have one), at least 1 / (n + 2) and `least` (Watanabe 2023, section 3.3.3, "magic clipping"), at most 1.
 * @param centres in [0, 1], in any order
 */
export function gapWidths(centres: ArrayLike<number>, least: number): Float64Array {
  const count = centres.length
  const order = Array.from({ length: count }, (_, k) => k).sort(
    (a, b) => (centres[a] ?? 0) - (centres[b] ?? 0) || a - b,
  )
  const floor = Math.max(least, 1 / (count + 2))
  const widths = new Float64Array(count)
  for (const [place, k] of order.entries()) {
    const here = centres[k] ?? 0
    const below = order[place - 1]
    const above = order[place + 1]
    // One alone reaches to the ends.
    const left = below === undefined ? (above === undefined ? here : 0) : here - (centres[below] ?? 0)
    const right = above === undefined ? (below === undefined ? 1 - here : 0) : (centres[above] ?? 0) - here
    widths[k] = Math.min(1, Math.max(floor, left, right))
  }
  return widths
}
