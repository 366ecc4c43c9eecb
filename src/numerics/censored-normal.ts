import { erfcx } from './erfcx.ts'
import { logNormalCdf } from './normal.ts'

/** Normal numbers of which some are only known to be above a limit, and how likely means make them. */
export interface CensoredSample {
  /** The log-likelihood of a mean, at the standard deviation that makes it largest. */
  at(mean: number): number
  /** The likeliest mean and standard deviation, and how likely they are. */
  fit(): CensoredFit
}

export interface CensoredFit {
  readonly mean: number
  readonly deviation: number
  readonly logLikelihood: number
}

/** Below it, a deviation counts as the error of rounding: one of 0 would make anything infinitely likely. */
const LEAST_DEVIATION = 1e-9
const MOST_STEPS = 100

/**
 * The likelihood of right-censored normal numbers (Tobin, Econometrica 26, 1958), in the parameters of Olsen (Econometrica 46,
 * 1978), in which it is concave: τ = 1 / σ and η = μ / σ.
 * @param values those that are known, at least one
 * @param limits those that others are above
 */
export function censoredSample(values: ArrayLike<number>, limits: ArrayLike<number>): CensoredSample {
  const count = values.length
  let centre = 0
  for (let i = 0; i < count; i++) centre += (values[i] ?? 0) / count
  let squares = count * LEAST_DEVIATION ** 2
  for (let i = 0; i < count; i++) squares += ((values[i] ?? 0) - centre) ** 2

  /** Where the search for the next mean's begins, as means are often asked for one near the other. */
  let lastTau: number | undefined

  /** The log-likelihood without its constant. */
  function likelihood(mean: number, tau: number): number {
    let sum = count * Math.log(tau) - (tau * tau * (squares + count * (centre - mean) ** 2)) / 2
    for (let j = 0; j < limits.length; j++) sum += logNormalCdf(tau * (mean - (limits[j] ?? 0)))
    return sum
  }

  /** The likeliest τ of a mean: where count / τ = τ q + Σ d λ(τ d), d being how far limits are above the mean. */
  function tauOf(mean: number): number {
    const q = squares + count * (centre - mean) ** 2
    if (limits.length === 0) return Math.sqrt(count / q)
    let tau = lastTau ?? Math.sqrt(count / q)
    let [low, high] = [0, Number.POSITIVE_INFINITY]
    for (let i = 0; i < MOST_STEPS; i++) {
      let slope = count / tau - tau * q
      let curvature = -count / (tau * tau) - q
      for (let j = 0; j < limits.length; j++) {
        const above = (limits[j] ?? 0) - mean
        const rate = hazard(tau * above)
        slope -= above * rate
        curvature -= above * above * rate * (rate - tau * above)
      }
      if (slope > 0) low = tau
      else high = tau
      const next = tau - slope / curvature
      const inside = next > low && next < high
      const then = inside ? next : Number.isFinite(high) ? (low + high) / 2 : 2 * tau
      const isThere = Math.abs(then - tau) <= 1e-6 * tau
      tau = then
      if (isThere) break
    }
    lastTau = tau
    return tau
  }

  function fit(): CensoredFit {
    let tau = Math.sqrt(count / squares)
    let mean = centre
    let here = likelihood(mean, tau)
    if (limits.length === 0) return { mean, deviation: 1 / tau, logLikelihood: here }
    // Newton's steps in τ and η = τ (μ - centre), halved until they gain.
    for (let i = 0; i < MOST_STEPS; i++) {
      const eta = tau * (mean - centre)
      let [ofTau, ofEta] = [count / tau - tau * squares, -count * eta]
      let [tt, te, ee] = [count / (tau * tau) + squares, 0, count]
      for (let j = 0; j < limits.length; j++) {
        const limit = (limits[j] ?? 0) - centre
        const z = tau * limit - eta
        const rate = hazard(z)
        const bend = rate * (rate - z)
        ofTau -= limit * rate
        ofEta += rate
        tt += limit * limit * bend
        te -= limit * bend
        ee += bend
      }
      const determinant = tt * ee - te * te
      const [stepTau, stepEta] = [(ee * ofTau - te * ofEta) / determinant, (tt * ofEta - te * ofTau) / determinant]
      const promised = ofTau * stepTau + ofEta * stepEta
      if (!(promised > 1e-14 * (1 + Math.abs(here)))) break
      let gained = false
      for (let length = 1; length > 1e-9 && !gained; length /= 2) {
        const thenTau = tau + length * stepTau
        if (thenTau <= 0) continue
        const thenMean = centre + (eta + length * stepEta) / thenTau
        const then = likelihood(thenMean, thenTau)
        if (!(then > here)) continue
        gained = true
        ;[mean, tau, here] = [thenMean, thenTau, then]
      }
      if (!gained) break
    }
    return { mean, deviation: 1 / tau, logLikelihood: here }
  }

  return { at: (mean) => likelihood(mean, tauOf(mean)), fit }
}

/** φ(z) / Φ(-z): how probable a normal number that is above z is to be just there. */
function hazard(z: number): number {
  return Math.sqrt(2 / Math.PI) / erfcx(z * Math.SQRT1_2)
}
