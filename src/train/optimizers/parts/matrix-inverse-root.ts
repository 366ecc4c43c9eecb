import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../study/engine.ts'

/**
 * (A + ρ I)^(-1/4) of a symmetric positive semidefinite [n, n], with ρ = epsilon · a bound of its largest eigenvalue, in
 * products alone: nothing is read, and no engine lacks them.
 *
 * The coupled Newton iteration, Guo and Higham, SIAM J. Matrix Anal. Appl. 28 (2006), eq. 3.3: with T = f(M), H ← H T and
 * M ← T⁴ M keep M = H⁴ A, and M goes to I. Under Newton's f(m) = (5 - m)/4 the smallest eigenvalues grow by 2.4 an
 * iteration. Since all lie in [epsilon, 1], f = a - b m is chosen anew for each iteration so that they grow by up to 8:
 * half as many products. In float32 what belongs to an eigenvalue λ has a relative error of about 1e-8 λmax/λ.
 */
export function inverseFourthRoot(epsilon: number): (tf: Tf, matrix: Tensor) => Tensor {
  const lines = linesFor(epsilon / (1 + epsilon))
  return (tf, matrix) =>
    tf.tidy(() => {
      const identity = tf.eye(matrix.shape[0] ?? 0)
      const scale = tf.maximum(eigenvalueBound(tf, matrix, identity), 1e-30)
      let power = tf.div(tf.add(tf.div(matrix, scale), tf.mul(identity, epsilon)), 1 + epsilon)
      let root: Tensor = identity
      for (const [a, b] of lines) {
        ;[power, root] = tf.tidy(() => {
          const factor = tf.sub(tf.mul(identity, a), tf.mul(power, b))
          const square = tf.matMul(factor, factor)
          const next = tf.matMul(tf.matMul(square, square), power)
          // What rounding makes asymmetric would grow.
          return [tf.mul(tf.add(next, tf.transpose(next)), 0.5), tf.matMul(root, factor)]
        })
      }
      return tf.mul(root, tf.pow(tf.mul(scale, 1 + epsilon), -0.25))
    })
}

/** ‖A⁴‖^(1/4), in Frobenius' norm: between the largest eigenvalue and n^(1/8) times it. */
function eigenvalueBound(tf: Tf, matrix: Tensor, identity: Tensor): Tensor {
  const trace = tf.maximum(tf.sum(tf.mul(matrix, identity)), 1e-30)
  const scaled = tf.div(matrix, trace)
  const square = tf.matMul(scaled, scaled)
  const fourth = tf.matMul(square, square)
  return tf.mul(trace, tf.pow(tf.sum(tf.square(fourth)), 0.125))
}

/** How low 1 may end, relative to the greatest image. Any lower, and all eigenvalues get the error of the smallest. */
const FLOOR = 0.1

/** Lines a - b m, under whose m (a - b m)⁴ the interval [low, 1] shrinks to 1; two of Newton's end it. */
function linesFor(low: number): [a: number, b: number][] {
  const lines: [number, number][] = []
  for (let bottom = low; bottom < 0.999; ) {
    const slope = steepest(bottom)
    const top = highest(slope)
    const a = top ** -0.25
    lines.push([a, a * slope])
    bottom = Math.min(image(bottom, slope), image(1, slope)) / top
  }
  return [...lines, [1.25, 0.25], [1.25, 0.25]]
}

const image = (m: number, slope: number): number => m * (1 - slope * m) ** 4

/** The greatest image. */
const highest = (slope: number): number => image(0.2 / slope, slope)

/**
 * The steepest slope under which 1 ends no lower than `bottom` does, nor below FLOOR of the greatest image. By bisection.
 */
function steepest(bottom: number): number {
  let [low, high] = [0.2, 1]
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (image(1, middle) > Math.max(image(bottom, middle), FLOOR * highest(middle))) low = middle
    else high = middle
  }
  return low
}
