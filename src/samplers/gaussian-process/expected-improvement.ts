import { erfcx } from '../../numerics/erfcx.ts'

const ROOT_TAU = Math.sqrt(2 * Math.PI)
const ROOT_HALF_PI = Math.sqrt(Math.PI / 2)

/**
 * The logarithm of expected improvement below `best`, of a normal value: log σ + log h(z), h(z) = φ(z) + z Φ(z),
 * z = (best - μ) / σ, in a form that stays finite and smooth where improvement is all but impossible (Ament, Daulton, Eriksson,
 * Balandat and Bakshy, "Unexpected improvements to expected improvement", arXiv 2310.20708, eq. 9 and appendix A).
 * @param out gets the derivatives by μ and by σ
 */
export function logExpectedImprovement(mean: number, deviation: number, best: number, out: Float64Array): number {
  const z = (best - mean) / deviation
  if (z > -1) {
    const density = Math.exp((-z * z) / 2) / ROOT_TAU
    // Φ(z) = φ(z) √(π/2) erfcx(-z / √2), from whichever side is small.
    const mass =
      z < 0 ? density * ROOT_HALF_PI * erfcx(-z * Math.SQRT1_2) : 1 - density * ROOT_HALF_PI * erfcx(z * Math.SQRT1_2)
    const h = density + z * mass
    out[0] = -mass / (deviation * h)
    out[1] = density / (deviation * h)
    return Math.log(h) + Math.log(deviation)
  }
  // h = φ (1 + z Φ/φ); far out 1 + z Φ/φ = z⁻² - 3 z⁻⁴ + 15 z⁻⁶ - ….
  const ratio = ROOT_HALF_PI * erfcx(-z * Math.SQRT1_2)
  const square = 1 / (z * z)
  const rest = z > -100 ? 1 + z * ratio : square * (1 - square * (3 - square * 15))
  out[0] = -ratio / (deviation * rest)
  out[1] = 1 / (deviation * rest)
  return Math.log(rest) - (z * z) / 2 - Math.log(ROOT_TAU) + Math.log(deviation)
}
