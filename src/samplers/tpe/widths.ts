/**
 * The width of each kernel: the wider of the gaps to its neighbours on either side (Bergstra et al. 2011, section 4; the
 * outermost have one), at least 1 / (n + 2) and `least` (Watanabe 2023, section 3.3.3, "magic clipping"), at most 1.
 * @param centres in [0, 1], in any order
 */
export function gapWidths(centres: ArrayLike<number>, least: number): number[] {
  const count = centres.length
  const order = ascending(centres)
  const floor = Math.max(least, 1 / (count + 2))
  const widths = order.slice()
  for (let place = 0; place < count; place++) {
    const k = order[place] ?? 0
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

/** Indices by value, equal ones in their order. By insertion: they are few, and this is done for every axis each time. */
function ascending(values: ArrayLike<number>): number[] {
  const order: number[] = []
  for (let k = 0; k < values.length; k++) {
    const value = values[k] ?? 0
    let place = k
    for (; place > 0 && (values[order[place - 1] ?? 0] ?? 0) > value; place--) order[place] = order[place - 1] ?? 0
    order[place] = k
  }
  return order
}
