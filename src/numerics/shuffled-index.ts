import { hash32 } from './hash32.ts'
import type { Random } from './random.ts'

/** The longest range that `shuffledIndex` takes. */
export const LONGEST_SHUFFLE = 2 ** 52

/**
 * A permutation of the integers 0 … length-1 that takes no memory, however many they are: a Feistel cipher over the next
 * power of four, applied until it is back in the range (Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA
 * 2002). Eight rounds, since with four the pairs of images of a range of ten are not yet equally likely.
 * @param length integer up to `LONGEST_SHUFFLE`
 * @param random is drawn from here, and not by the function returned
 */
export function shuffledIndex(length: number, random: Random): (index: number) => number {
  const bits = Math.max(1, Math.ceil(Math.log2(length) / 2))
  const half = 2 ** bits
  const keys = Array.from({ length: 8 }, () => random.int(2 ** 32))

  function encrypt(index: number): number {
    let left = Math.floor(index / half)
    let right = index % half
    for (const key of keys) {
      const mixed = left ^ (hash32(hash32(right) + key) >>> (32 - bits))
      left = right
      right = mixed
    }
    return left * half + right
  }

  return (index) => {
    let found = encrypt(index)
    while (found >= length) found = encrypt(found)
    return found
  }
}
