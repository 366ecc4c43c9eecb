import { createRandom } from '../numerics/random.ts'

/** All items where there are at most `most`, else a random sample of them without repeats, in the order given. */
export function thin<T>(items: readonly T[], most: number, seed: number, purpose: string): readonly T[] {
  if (items.length <= most) return items
  const chosen = createRandom(seed, 0, purpose).permutation(items.length).slice(0, most)
  return chosen.sort((a, b) => a - b).flatMap((index) => items[index] ?? [])
}
