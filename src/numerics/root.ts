/**
 * Where a continuous function is 0 between two places at which it has different signs: regula falsi with the Illinois change
 * (Dowell and Jarratt, BIT 11, 1971), halving now and then so that it comes to an end whatever the function.
 * @param tolerance how far from the root it may end. Default: 1e-12
 * @returns NaN where the signs are the same
 */
export function findRoot(of: (x: number) => number, from: number, to: number, tolerance = 1e-12): number {
  let [a, b] = [from, to]
  let [atA, atB] = [of(a), of(b)]
  if (atA === 0) return a
  if (atB === 0) return b
  if (!(Math.sign(atA) * Math.sign(atB) < 0)) return Number.NaN
  for (let i = 1; Math.abs(b - a) > 2 * tolerance && i < 200; i++) {
    const secant = b - (atB * (b - a)) / (atB - atA)
    // Never nearer to an end than the tolerance: where the root is there, the next interval is that narrow.
    const [low, high] = [Math.min(a, b) + tolerance, Math.max(a, b) - tolerance]
    const inside = Math.min(high, Math.max(low, secant))
    const x = i % 5 === 0 || Number.isNaN(inside) ? (a + b) / 2 : inside
    const atX = of(x)
    if (atX === 0 || x === a || x === b) return x
    if (Math.sign(atX) !== Math.sign(atB)) [a, atA] = [b, atB]
    // The end that stays weighs half, so that it does not stay forever.
    else atA /= 2
    ;[b, atB] = [x, atX]
  }
  return (a + b) / 2
}
