import type { VocabularyOptions } from './table.ts'

/**
 * The distinct values, the most frequent first, those equally frequent in the order of their code units.
 */
export function countVocabulary(
  values: Iterable<string>,
  { minCount = 1, maxSize = Number.POSITIVE_INFINITY }: VocabularyOptions = {},
): string[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .filter(([, count]) => count >= minCount)
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1))
    .slice(0, maxSize)
    .map(([value]) => value)
}
