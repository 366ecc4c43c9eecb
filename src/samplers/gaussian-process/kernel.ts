import { decay } from './decay.ts'
import { squaredDistance } from './inputs.ts'

/**
 * The covariance of two configurations: a sum of three parts, each of Matérn-5/2 functions m(r) (Rasmussen and Williams,
 * "Gaussian processes for machine learning", eq. 4.17) of distances t_k with a weight for each column (ARD),
 *
 *   k = a_all m(√Σ w_k t_k²) + a_main Σ m_k / d + a_pairs Σ_{k<l} m_k m_l / (d (d-1) / 2),   m_k = m(√u_k t_k).
 *
 * The first is the usual one. The others are the first two orders of the additive kernel of Duvenaud, Nickisch and Rasmussen,
 * "Additive Gaussian processes" (NIPS 2011), by the Newton-Girard formulas: with them a main effect that was seen at one
 * setting of the other parameters is known at all of them. How much of each, the data decide through the amplitudes.
 */
export interface Kernel {
  /** Inverse squared length scales w of the part of all columns at once. */
  readonly joint: Float64Array
  /** Those of the main effects and their products, u. */
  readonly single: Float64Array
  readonly all: number
  readonly main: number
  readonly pairs: number
}

/** The variance of the function before any data. */
export function variance({ all, main, pairs }: Kernel): number {
  return all + main + pairs
}

/** The covariances of one row with several. */
export interface KernelRow {
  /** Fills `out` with the first `count` covariances. `keep`: with what `contract` needs. */
  fill(x: Float64Array, out: Float64Array, count: number, keep?: boolean): void
  /** Adds the gradient by x of Σ weights · covariances to `gradient`, at the x filled last. Options have none. */
  contract(x: Float64Array, weights: Float64Array, count: number, gradient: Float64Array): void
}

/** @param most how many rows there are at most */
export function kernelRow(kernel: Kernel, isOption: readonly boolean[], rows: Float64Array, most: number): KernelRow {
  const { joint, single, all, main, pairs } = kernel
  const d = isOption.length
  const mainScale = main / d
  const pairScale = d > 1 ? (2 * pairs) / (d * (d - 1)) : 0
  let joints = new Float64Array(0)
  let sums = joints
  let values = joints
  let slopes = joints

  return {
    fill(x, out, count, keep = false) {
      if (keep && joints.length === 0) {
        joints = new Float64Array(most)
        sums = new Float64Array(most)
        values = new Float64Array(most * d)
        slopes = new Float64Array(most * d)
      }
      for (let i = 0; i < count; i++) {
        let squared = 0
        let sum = 0
        let squares = 0
        const at = i * d
        for (let k = 0; k < d; k++) {
          const a = rows[at + k] ?? 0
          const b = x[k] ?? 0
          const t = isOption[k] ? squaredDistance(true, a, b) : (a - b) * (a - b)
          squared += (joint[k] ?? 0) * t
          const r = Math.sqrt(5 * (single[k] ?? 0) * t)
          const e = decay(r)
          const m = (1 + r + (r * r) / 3) * e
          sum += m
          squares += m * m
          if (keep) {
            values[at + k] = m
            slopes[at + k] = (-5 / 3) * (1 + r) * e
          }
        }
        const r = Math.sqrt(5 * squared)
        const e = decay(r)
        out[i] = all * (1 + r + (r * r) / 3) * e + mainScale * sum + (pairScale * (sum * sum - squares)) / 2
        if (keep) {
          joints[i] = (-5 / 3) * all * (1 + r) * e
          sums[i] = sum
        }
      }
    },

    contract(x, weights, count, gradient) {
      for (let i = 0; i < count; i++) {
        const weight = weights[i] ?? 0
        const at = i * d
        const sum = sums[i] ?? 0
        const shared = joints[i] ?? 0
        for (let k = 0; k < d; k++) {
          if (isOption[k]) continue
          const others = sum - (values[at + k] ?? 0)
          const slope =
            shared * (joint[k] ?? 0) + (mainScale + pairScale * others) * (slopes[at + k] ?? 0) * (single[k] ?? 0)
          gradient[k] = (gradient[k] ?? 0) + weight * slope * ((x[k] ?? 0) - (rows[at + k] ?? 0))
        }
      }
    },
  }
}
