import type { Random } from '../../../numerics/random.ts'

/** Draws 0 … size-1 with probability proportional to (i + 1)^-exponent (Zipf). */
export function powerLaw(size: number, exponent: number): (random: Random) => number {
  const cumulative = new Float64Array(size)
  let total = 0
  for (let i = 0; i < size; i++) {
    total += (i + 1) ** -exponent
    cumulative[i] = total
  }
  return (random) => {
    const drawn = random.next() * total
    let [low, high] = [0, size - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (drawn < (cumulative[middle] ?? 0)) high = middle
      else low = middle + 1
    }
    return low
  }
}
