const SHARE = (3 - Math.sqrt(5)) / 2

/**
 * Where a function of one variable is least in an interval in which it falls and then rises: golden section (Kiefer, Proc. Am.
 * Math. Soc. 4, 1953). No nearer than half the digits of a double, for there the values are the same.
 * @param tolerance of the place. Default: 1e-8, relative to the width
 */
export function goldenSection(of: (x: number) => number, from: number, to: number, tolerance = 1e-8): number {
  let [low, high] = [from, to]
  let [a, b] = [low + SHARE * (high - low), high - SHARE * (high - low)]
  let [atA, atB] = [of(a), of(b)]
  const enough = tolerance * (to - from)
  while (high - low > enough) {
    if (atA <= atB) {
      ;[high, b, atB] = [b, a, atA]
      a = low + SHARE * (high - low)
      atA = of(a)
    } else {
      ;[low, a, atA] = [a, b, atB]
      b = high - SHARE * (high - low)
      atB = of(b)
    }
  }
  return atA <= atB ? a : b
}
