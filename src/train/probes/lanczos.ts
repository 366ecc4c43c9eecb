import type { Tensor } from '@tensorflow/tfjs-core'
import { add, div, type Expression, leaf, mul, sub } from '../../engine/fusion/expression.ts'
import { realize, tensorsIn } from '../../engine/fusion/realize.ts'
import type { Tf } from '../../study/engine.ts'
import { squaredNorm } from './squared-norm.ts'

/** A vector that is spread over several tensors. */
export type Parts = readonly Tensor[]

/**
 * A symmetric matrix in tridiagonal form by Lanczos' method: the diagonal, then what is beside it, [2 iterations]. Its
 * largest eigenvalue approaches that of the matrix from below; without orthogonalizing anew some others come twice, which
 * does not matter to it. From an element of 0 beside the diagonal on, nothing counts. Stays on the device.
 * @param product the matrix times a vector of norm 1, as new tensors
 * @param start not 0
 */
export function lanczos(tf: Tf, product: (v: Parts) => Parts, start: Parts, iterations: number): Tensor {
  return tf.tidy(() => {
    const [diagonal, beside]: [Tensor[], Tensor[]] = [[], []]
    const size = tf.sqrt(squaredNorm(tf, start))
    let before: Parts | undefined
    let v: Parts = mapParts(tf, [start], (value) => div(value, leaf(size)))
    for (let i = 0; i < iterations; i++) {
      const [last, behind] = [beside.at(-1), before]
      const [along, norm, ...next] = tf.tidy(() => {
        const image = product(v)
        const along = tf.addN(image.map((tensor, k) => tf.sum(tf.mul(tensor, v[k] ?? 0))))
        const less = mapParts(tf, [image, v], (w, x) => sub(w, mul(x, leaf(along))))
        const rest = last && behind ? mapParts(tf, [less, behind], (w, x) => sub(w, mul(x, leaf(last)))) : less
        const norm = tf.sqrt(squaredNorm(tf, rest))
        return [along, norm, ...mapParts(tf, [rest], (w) => div(w, leaf(norm)))]
      })
      if (along) diagonal.push(along)
      if (norm) beside.push(norm)
      if (before) for (const tensor of before) tensor.dispose()
      ;[before, v] = [v, next]
    }
    return tf.stack([...diagonal, ...beside])
  })
}

/**
 * The product of the Hessian with a vector of norm 1, as a central difference of gradients: H v = (g(θ + ε v) - g(θ - ε v)) / 2ε.
 * Its error is least where that by the rounding u of float32, 2^-24, and that by the third derivative are alike, at about
 * ε = |θ| u^(1/3).
 */
export function hessianProduct(tf: Tf, gradientAt: (at: Parts) => Parts, at: Parts): (v: Parts) => Parts {
  const size = tf.sqrt(squaredNorm(tf, at))
  const epsilon = leaf(tf.mul(tf.where(tf.greater(size, 0), size, tf.onesLike(size)), Math.cbrt(2 ** -24)))
  return (v) => {
    const above = gradientAt(mapParts(tf, [at, v], (theta, x) => add(theta, mul(x, epsilon))))
    const below = gradientAt(mapParts(tf, [at, v], (theta, x) => sub(theta, mul(x, epsilon))))
    return mapParts(tf, [above, below], (a, b) => div(sub(a, b), mul(epsilon, 2)))
  }
}

/** `of` the parts of one or two vectors, pair by pair. */
function mapParts(
  tf: Tf,
  [first, second]: readonly [Parts, Parts?],
  of: (a: Expression, b: Expression) => Expression,
): Tensor[] {
  const expressions = first.map((tensor, i) => of(leaf(tensor), leaf(second?.[i] ?? tensor)))
  return tensorsIn(realize(tf, expressions))
}
