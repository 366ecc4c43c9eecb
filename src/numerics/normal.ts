import { erfcx, rational } from './erfcx.ts'

const ROOT_TAU = Math.sqrt(2 * Math.PI)

/** The density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return gaussian(z) / ROOT_TAU
}

/** The probability that a standard normal number is at most `z`, with full relative accuracy however small it is. */
export function normalCdf(z: number): number {
  if (z > 0) return 1 - normalCdf(-z)
  return (gaussian(z) * erfcx(-z * Math.SQRT1_2)) / 2
}

/** The logarithm of `normalCdf`, finite where that is 0 (below -38). */
export function logNormalCdf(z: number): number {
  if (z > 0) return Math.log1p(-normalCdf(-z))
  return (-z * z) / 2 + Math.log(erfcx(-z * Math.SQRT1_2) / 2)
}

/**
 * The logarithm of the probability that a standard normal number lies between `a` and `b`, accurate however narrow the
 * interval is and however far out. -Infinity where it is empty.
 */
export function logNormalMass(a: number, b: number): number {
  if (a >= b) return Number.NEGATIVE_INFINITY
  // Where it does not hold 0, the interval is looked at from below, where probabilities are small numbers.
  if (a > 0) return logNormalMass(-b, -a)
  const middle = (a + b) / 2
  const half = (b - a) / 2
  if (half < 0.25 && -middle * half < 0.25) return narrow(middle, half)
  if (b > 0) return Math.log1p(-normalCdf(a) - normalCdf(-b))
  // Φ(b) (1 - Φ(a) / Φ(b)), the exponentials of the quotient as one.
  const high = erfcx(-b * Math.SQRT1_2)
  const quotient = (Math.exp(((b - a) * (b + a)) / 2) * erfcx(-a * Math.SQRT1_2)) / high
  return Math.log((high / 2) * (1 - quotient)) - (b * b) / 2
}

/**
 * The Taylor series of the density around the middle, integrated: 2 h φ(m) Σ He₂ₖ(m) h²ᵏ / (2k + 1)!, with the Hermite
 * polynomials Heₙ₊₁ = m Heₙ - n Heₙ₋₁. Seven terms are exact where h and |m| h are below 1/4.
 */
function narrow(middle: number, half: number): number {
  let sum = 1
  // Heₙ hⁿ / n! at even and odd n.
  let even = 1
  let odd = middle * half
  for (let n = 2; n <= 12; n += 2) {
    even = (half * (middle * odd - half * even)) / n
    odd = (half * (middle * even - half * odd)) / (n + 1)
    sum += even / (n + 1)
  }
  return Math.log(2 * half * (sum / ROOT_TAU)) - (middle * middle) / 2
}

/** exp(-z² / 2) without the error of rounding z², which the exponential would magnify. */
function gaussian(z: number): number {
  if (Math.abs(z) > 39) return 0
  const coarse = Math.trunc(z * 16) / 16
  return Math.exp((-coarse * coarse) / 2) * Math.exp(((coarse - z) * (coarse + z)) / 2)
}

const CENTRE = {
  above: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  below: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
}
const TAIL = {
  above: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  below: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
}
const FAR_TAIL = {
  above: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  below: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
}

/**
 * The number that a standard normal one is at most with probability `p`, to about 16 digits: algorithm AS 241 (PPND16) of
 * M. J. Wichura, Appl. Statist. 37 (1988), 477-484. -Infinity at 0, Infinity at 1, NaN outside of [0, 1].
 */
export function normalQuantile(p: number): number {
  const fromMiddle = p - 0.5
  if (Math.abs(fromMiddle) <= 0.425) return fromMiddle * rational(CENTRE, 0.180625 - fromMiddle * fromMiddle)
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const depth = Math.sqrt(-Math.log(fromMiddle < 0 ? p : 1 - p))
  const size = depth <= 5 ? rational(TAIL, depth - 1.6) : rational(FAR_TAIL, depth - 5)
  return fromMiddle < 0 ? -size : size
}
