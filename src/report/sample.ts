import { evenly } from '../numerics/evenly.ts'

/** All items where there are at most `limit`; else those of `first` and enough of the rest, evenly spaced. In the order given. */
export function sample<T>(items: readonly T[], first: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items]
  const kept = new Set(first.slice(0, limit))
  const rest = items.filter((item) => !kept.has(item))
  for (const item of evenly(rest, limit - kept.size)) kept.add(item)
  return items.filter((item) => kept.has(item))
}
