/**
 * `count` items, evenly spaced, the first and the last among them; all of them where there are no more. What a long list is
 * thinned to before it is drawn.
 */
export function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  const last = items.length - 1
  const chosen = Array.from({ length: count }, (_, index) => Math.round((index * last) / Math.max(1, count - 1)))
  return items.filter(indexIn(new Set(chosen)))
}

/** All items where there are at most `limit`; else those of `first` and enough of the rest, evenly spaced. In the order given. */
export function sample<T>(items: readonly T[], first: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items]
  const kept = new Set(first.slice(0, limit))
  const rest = items.filter((item) => !kept.has(item))
  for (const item of evenly(rest, limit - kept.size)) kept.add(item)
  return items.filter((item) => kept.has(item))
}

function indexIn(chosen: ReadonlySet<number>): (item: unknown, index: number) => boolean {
  return (_, index) => chosen.has(index)
}
