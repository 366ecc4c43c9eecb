/** Σ a[aStart + k] b[bStart + k] for k from `from` to below `to`. Two sums in turn, so that neither waits for the last term. */
export function dot(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  from: number,
  to: number,
): number {
  let even = 0
  let odd = 0
  let k = from
  for (; k + 1 < to; k += 2) {
    even += (a[aStart + k] ?? 0) * (b[bStart + k] ?? 0)
    odd += (a[aStart + k + 1] ?? 0) * (b[bStart + k + 1] ?? 0)
  }
  if (k < to) even += (a[aStart + k] ?? 0) * (b[bStart + k] ?? 0)
  return even + odd
}

/** The nine dot products of three rows with three rows that `dots` leaves behind, row by row. */
export type Nine = Float64Array

/**
 * The dot products of rows of `a`, beginning at a0, a1 and a2, with rows of `b`, beginning at b0, b1 and b2, between `from`
 * and `to`. Six numbers are fetched for nine products, so that the processor multiplies rather than waits for memory: four
 * times as fast as one product after the other.
 */
export function dots(
  out: Nine,
  a: Float64Array,
  [a0, a1, a2]: Three,
  b: Float64Array,
  [b0, b1, b2]: Three,
  from: number,
  to: number,
): void {
  let s00 = 0
  let s01 = 0
  let s02 = 0
  let s10 = 0
  let s11 = 0
  let s12 = 0
  let s20 = 0
  let s21 = 0
  let s22 = 0
  for (let k = from; k < to; k++) {
    const x0 = a[a0 + k] ?? 0
    const x1 = a[a1 + k] ?? 0
    const x2 = a[a2 + k] ?? 0
    const y0 = b[b0 + k] ?? 0
    s00 += x0 * y0
    s10 += x1 * y0
    s20 += x2 * y0
    const y1 = b[b1 + k] ?? 0
    s01 += x0 * y1
    s11 += x1 * y1
    s21 += x2 * y1
    const y2 = b[b2 + k] ?? 0
    s02 += x0 * y2
    s12 += x1 * y2
    s22 += x2 * y2
  }
  out[0] = s00
  out[1] = s01
  out[2] = s02
  out[3] = s10
  out[4] = s11
  out[5] = s12
  out[6] = s20
  out[7] = s21
  out[8] = s22
}

/** Where three rows begin. */
export type Three = readonly [number, number, number]
