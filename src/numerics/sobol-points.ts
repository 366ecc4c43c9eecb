import { hash32 } from './hash32.ts'
import type { Random } from './random.ts'
import { sobolDirections } from './sobol-directions.ts'

/** Bits of a coordinate, and of an index: there are 2^32 points. */
const BITS = 32

/** Dimensions that have direction numbers of their own. */
const DIMENSIONS = 256

/**
 * The points of a Sobol sequence by index from 0, in the order of Gray's code, with the direction numbers of Joe and Kuo for
 * 256 dimensions: in each dimension any 2^k points from a multiple of 2^k on fall into the 2^k equal intervals once each.
 *
 * With `random` they are scrambled by nested uniform permutations (Owen, "Randomly permuted (t, m, s)-nets and
 * (t, s)-sequences", 1995), which keeps all that and makes each point uniform in (0, 1). The permutations are hashes, seeded
 * by dimension (Burley, "Practical hash-based Owen scrambling", J. Comput. Graph. Tech. 9(4), 2020). Dimensions from the
 * 257th on are the first ones again, scrambled by seeds of their own, with the points in another order, which is such a
 * permutation of the indices (section 5 there): even among themselves, and independent of the others. Without `random` they
 * are just the first ones again.
 * @param random is drawn from here, and not by the function returned
 * @returns the function of an index that makes the point, one coordinate a dimension
 */
export function sobolPoints(dimensions: number, random?: Random): (index: number) => Float64Array {
  const columns = mirroredColumns()
  const draw = () => random?.int(2 ** BITS) ?? 0
  const seeds = Array.from({ length: dimensions }, draw)
  const orders = Array.from({ length: Math.ceil(dimensions / DIMENSIONS) - 1 }, draw)

  return (index) => {
    const point = new Float64Array(dimensions)
    for (let from = 0; from < dimensions; from += DIMENSIONS) {
      const order = from === 0 || !random ? undefined : orders[from / DIMENSIONS - 1]
      const place = order === undefined ? index : mirror(permute(mirror(index), order))
      const gray = place ^ (place >>> 1)
      for (let i = from; i < Math.min(dimensions, from + DIMENSIONS); i++) {
        let bits = 0
        for (let rest = gray, at = (i - from) * BITS; rest !== 0; rest >>>= 1, at++) {
          if ((rest & 1) === 1) bits ^= columns[at] ?? 0
        }
        // The middle of the interval that the bits tell.
        point[i] = random
          ? ((mirror(permute(bits, seeds[i] ?? 0)) >>> 0) + 0.5) / 2 ** BITS
          : (mirror(bits) >>> 0) / 2 ** BITS
      }
    }
    return point
  }
}

/**
 * A nested uniform permutation of 32-bit numbers: turns each bit over or not by what the lower bits are. Of four bits at a
 * time, a hash of the bits before them decides in all of the 1 + 2 + 4 + 8 cases. (The cheaper hash of Laine and Karras that
 * Burley uses is one of but 8 of the 128 permutations of three bits, and few points have few bits that matter.)
 */
function permute(bits: number, seed: number): number {
  let permuted = bits
  for (let from = 0; from < BITS; from += 4) {
    const before = bits & ((1 << from) - 1)
    const flips = hash32(Math.imul(before | (1 << from), 0x9e3779b1) + seed)
    let node = 1
    for (let bit = from; bit < from + 4; bit++) {
      permuted ^= ((flips >>> node) & 1) << bit
      node = 2 * node + ((bits >>> bit) & 1)
    }
  }
  return permuted
}

/** The 32 bits in reverse. */
function mirror(bits: number): number {
  let x = (bits << 16) | (bits >>> 16)
  x = ((x & 0x00ff00ff) << 8) | ((x >>> 8) & 0x00ff00ff)
  x = ((x & 0x0f0f0f0f) << 4) | ((x >>> 4) & 0x0f0f0f0f)
  x = ((x & 0x33333333) << 2) | ((x >>> 2) & 0x33333333)
  return ((x & 0x55555555) << 1) | ((x >>> 1) & 0x55555555)
}

/** Made when first needed. */
let known: Int32Array | undefined

/** What each bit of Gray's code adds to a coordinate, its bits in reverse: 32 numbers a dimension. */
function mirroredColumns(): Int32Array {
  if (known) return known
  const columns = new Int32Array(DIMENSIONS * BITS)
  for (let k = 0; k < BITS; k++) columns[k] = 1 << (BITS - 1 - k)
  for (const [i, { polynomial, first }] of sobolDirections().entries()) {
    const start = (i + 1) * BITS
    const degree = first.length
    for (const [k, number] of first.entries()) columns[start + k] = number << (BITS - 1 - k)
    for (let k = degree; k < BITS; k++) {
      // Bratley and Fox, "Algorithm 659", ACM Trans. Math. Softw. 14 (1988), equation 2.
      let sum = (columns[start + k - degree] ?? 0) >>> degree
      for (let j = 1; j <= degree; j++) {
        if (((polynomial >>> (degree - j)) & 1) === 1) sum ^= columns[start + k - j] ?? 0
      }
      columns[start + k] = sum
    }
  }
  known = columns.map(mirror)
  return known
}
