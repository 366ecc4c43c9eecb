/** A mixed-up 32-bit number: the finalizer of A. Appleby's MurmurHash3. Each bit of `number` decides about all of them. */
export function hash32(number: number): number {
  let x = number ^ (number >>> 16)
  x = Math.imul(x, 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}
