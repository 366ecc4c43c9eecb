const HALF_LOG_TAU = Math.log(2 * Math.PI) / 2
/** B₂ₖ / (2k (2k - 1)), k from 1: the coefficients of Stirling's series. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360]
/** From here on the next term of the series is below the precision of a double. */
const FAR = 10

/** The logarithm of Γ(x), x > 0: Stirling's series (Abramowitz and Stegun, 6.1.40), after Γ(x) = Γ(x + 1) / x has taken x there. */
export function logGamma(x: number): number {
  let product = 1
  let far = x
  for (; far < FAR; far++) product *= far
  const series = STIRLING.reduceRight((sum, coefficient) => coefficient + sum / (far * far), 0) / far
  return (far - 0.5) * Math.log(far) - far + HALF_LOG_TAU + series - Math.log(product)
}
