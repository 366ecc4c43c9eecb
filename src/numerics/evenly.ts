/**
 * `count` items, evenly spaced, the first and the last among them; all of them where there are no more. What a long list is
 * thinned to before it is drawn or fitted.
 */
export function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  const last = items.length - 1
  const chosen = new Set(
    Array.from({ length: count }, (_, index) => Math.round((index * last) / Math.max(1, count - 1))),
  )
  return items.filter((_, index) => chosen.has(index))
}
