import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { checkCount, checkRange, refuse } from './parts/check.ts'

export interface NewtonConfig {
  /** How far to go along the step, above 0. Default 1: all of it. */
  readonly learningRate?: number
  /** ρ of (H + ρ I)^-1, at least 0. Default 0. */
  readonly damping?: number
  /**
   * Half the distance of the gradients that second derivatives are differences of, relative to parameters above 1 in size.
   * Default 5e-3, the cube root of float32's precision.
   */
  readonly difference?: number
  /** More parameters are refused: there are so many squared second derivatives. Default 1000. */
  readonly limit?: number
}

/**
 * One step of Newton's method for a few parameters: w ← w - lr (H + ρ I)^-1 g. Where that matrix is not positive definite,
 * ρ grows until it is, and to twice that, so that the step goes downhill: after Nocedal and Wright, Numerical
 * Optimization, algorithm 3.3.
 *
 * H comes from central differences of gradients, two gradients a parameter. TensorFlow.js differentiates a gradient only as
 * far as it does not read values of the forward pass, and is silently wrong where it does.
 * @param loss of tensors of the shapes of `params`, and of nothing random
 * @returns the parameters after it, which belong to the caller; `params` are kept
 * @throws DynotuneError `optimizer.invalid`
 */
export async function newtonStep(
  tf: Tf,
  loss: (...params: Tensor[]) => Scalar,
  params: readonly Tensor[],
  { learningRate = 1, damping = 0, difference = 5e-3, limit = 1000 }: NewtonConfig = {},
): Promise<Tensor[]> {
  checkRange('newton.learningRate', learningRate, '(0, ∞)')
  checkRange('newton.damping', damping, '[0, ∞)')
  checkRange('newton.difference', difference, '(0, ∞)')
  checkCount('newton.limit', limit)
  const count = params.reduce((sum, { size }) => sum + size, 0)
  if (count > limit) refuse('newton.params', count, `at most ${limit} numbers`)
  const slopes = tf.grads(loss)

  /** Numbers in a row as tensors of the parameters' shapes. */
  function shaped(values: readonly number[]): Tensor[] {
    let begin = 0
    return params.map(({ shape, size }) => {
      begin += size
      return tf.tensor(values.slice(begin - size, begin), shape)
    })
  }

  async function gradientAt(values: readonly number[]): Promise<number[]> {
    const gradients = tf.tidy(() => slopes(shaped(values)))
    const flat = await read(gradients)
    tf.dispose(gradients)
    return flat
  }

  const at = await read(params)
  const hessian: number[][] = []
  for (const [i, value] of at.entries()) {
    const reach = difference * Math.max(1, Math.abs(value))
    // As float32 has them.
    const [low, high] = [Math.fround(value - reach), Math.fround(value + reach)]
    const [before, after] = [await gradientAt(at.with(i, low)), await gradientAt(at.with(i, high))]
    hessian.push(after.map((slope, j) => (slope - (before[j] ?? 0)) / (high - low)))
  }
  const step = await solve(hessian, await gradientAt(at), damping)
  return shaped(at.map((value, i) => value - learningRate * (step[i] ?? 0)))
}

async function read(tensors: readonly Tensor[]): Promise<number[]> {
  const parts = await Promise.all(tensors.map((tensor) => tensor.data()))
  return parts.flatMap((values) => [...values])
}

/** (H + ρ I)^-1 g, the given ρ raised until that is positive definite; H is made symmetric. */
async function solve(hessian: readonly number[][], gradient: readonly number[], damping: number): Promise<number[]> {
  const { CholeskyDecomposition, Matrix } = await import('ml-matrix')
  const half = new Matrix(hessian.map((row) => row.map((value) => value / 2)))
  const symmetric = Matrix.add(half, half.transpose())
  const largest = Math.max(...symmetric.to1DArray().map(Math.abs))
  if (!Number.isFinite(largest)) refuse('newton.loss', largest, 'a loss with finite gradients nearby')
  const n = gradient.length
  const withRidge = (ridge: number) => new CholeskyDecomposition(Matrix.add(symmetric, Matrix.eye(n, n, ridge)))
  for (let ridge = damping; ; ridge = Math.max(10 * ridge, 1e-3 * (largest || 1))) {
    if (!withRidge(ridge).isPositiveDefinite()) continue
    // What is only just positive definite would make the step arbitrarily long.
    return withRidge(ridge === damping ? ridge : 2 * ridge)
      .solve(Matrix.columnVector([...gradient]))
      .to1DArray()
  }
}
