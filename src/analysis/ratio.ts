import { isAmount } from './amount.ts'
import type { Estimate } from './finding.ts'

/**
 * The ratio of two positive numbers that were estimated apart from each other, with an interval made of theirs: the distances
 * from value to end add up in squares, in log (the method of variance estimates recovery: Zou and Donner, Stat. Med. 27,
 * 2008, 1693-1702). Where a value is itself 0 or infinite, the ends are the furthest that the intervals allow.
 */
export function ratioOf(above: Estimate, below: Estimate): Estimate {
  const value = above.value / below.value
  if (isAmount(above.value) && isAmount(below.value)) {
    const [up, down] = [distances(above), distances(below)]
    return {
      value,
      low: value * Math.exp(-Math.hypot(up.low, down.high)),
      high: value * Math.exp(Math.hypot(up.high, down.low)),
    }
  }
  // 0 / 0 and infinity / infinity may be anything.
  const [low, high] = [above.low / below.high, above.high / below.low]
  return { value, low: Number.isNaN(low) ? 0 : low, high: Number.isNaN(high) ? Number.POSITIVE_INFINITY : high }
}

function distances({ value, low, high }: Estimate): { low: number; high: number } {
  return { low: Math.log(value / low), high: Math.log(high / value) }
}
