/** Coefficients of W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969), 631-637. */
const NEAR = {
  above: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  below: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
}
const MIDDLE = {
  above: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  below: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
}
const FAR = {
  above: [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  below: [1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
}

/**
 * The scaled complementary error function exp(x²) erfc(x), to about 15 digits: what is left of a normal tail once its
 * exponential, which underflows, is taken out. Infinite below -26.6, 1 / (x √π) far above.
 */
export function erfcx(x: number): number {
  if (x < -27) return Number.POSITIVE_INFINITY
  if (x < -0.46875) return 2 * exponentialOfSquare(x) - erfcx(-x)
  if (x <= 0.46875) return Math.exp(x * x) * (1 - x * rational(NEAR, x * x))
  if (x <= 4) return rational(MIDDLE, x)
  const inverse = 1 / (x * x)
  return (1 / Math.sqrt(Math.PI) - inverse * rational(FAR, inverse)) / x
}

/** exp(x²) without the error of rounding x², which the exponential would magnify. */
function exponentialOfSquare(x: number): number {
  const coarse = Math.trunc(x * 16) / 16
  return Math.exp(coarse * coarse) * Math.exp((x - coarse) * (x + coarse))
}

/** A quotient of polynomials of one degree, each given by its coefficients with the highest power first. */
export function rational({ above, below }: { above: readonly number[]; below: readonly number[] }, x: number): number {
  let numerator = 0
  let denominator = 0
  for (let i = 0; i < above.length; i++) {
    numerator = numerator * x + (above[i] ?? 0)
    denominator = denominator * x + (below[i] ?? 0)
  }
  return numerator / denominator
}
