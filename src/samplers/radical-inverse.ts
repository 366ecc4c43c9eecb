/**
 * The digits of `index` in `base`, mirrored at the point: 6 = 110 in base 2 gives 0.011 = 3/8. The van der Corput sequence,
 * one dimension of Halton's. In [0, 1).
 * @param index integer from 0
 * @param base integer from 2
 */
export function radicalInverse(index: number, base: number): number {
  let mirrored = 0
  let denominator = 1
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    mirrored = mirrored * base + (rest % base)
    denominator *= base
  }
  return mirrored / denominator
}
