import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { Matrix, solve } from 'ml-matrix'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { type NewtonConfig, newtonStep } from '../../../src/train/optimizers/newton.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

type Loss = (...params: Tensor[]) => Scalar

/** The numbers after some steps from vectors of numbers. */
async function walk(loss: Loss, start: readonly number[][], steps: number, config?: NewtonConfig): Promise<number[][]> {
  let params: Tensor[] = start.map((values) => tf.tensor1d(values))
  for (let step = 0; step < steps; step++) {
    const next = await newtonStep(tf, loss, params, config)
    tf.dispose(params)
    params = next
  }
  const numbers = params.map((tensor) => [...tensor.dataSync()])
  tf.dispose(params)
  return numbers
}

const parabola: Loss = (x, y) => {
  const [a, b] = [tf.sub(x ?? 0, [1, -2]), tf.sub(y ?? 0, 3)]
  // Curvatures of 2 and 200, and a slope between the parameters.
  return tf.add(
    tf.sum(tf.mul(tf.square(a), [1, 100])),
    tf.add(tf.square(b).sum(), tf.mul(tf.slice(a, [0], [1]), b).sum()),
  )
}

const rosenbrock: Loss = (point) => {
  const [x, y] = tf.unstack(point ?? tf.zeros([2]))
  return tf.add(tf.square(tf.sub(1, x ?? 0)), tf.mul(100, tf.square(tf.sub(y ?? 0, tf.square(x ?? 0)))))
}

test('lands in the minimum of a quadratic in one step, over several parameters', async () => {
  const [x = [], y = []] = await walk(parabola, [[30, 7], [-4]], 1)
  for (const [i, value] of [1, -2, 3].entries()) expect([...x, ...y][i]).toBeCloseTo(value, 3)
})

test('goes as far as its learning rate says, and damping holds it back', async () => {
  const loss: Loss = (x) => tf.sum(tf.mul(tf.square(x ?? 0), 2))
  expect((await walk(loss, [[8]], 1, { learningRate: 0.25 }))[0]?.[0]).toBeCloseTo(6, 4)
  // H = 4, g = 32.
  expect((await walk(loss, [[8]], 1, { damping: 12 }))[0]?.[0]).toBeCloseTo(8 - 32 / 16, 4)
})

test('finds the minimum of Rosenbrock', async () => {
  const [[x, y] = []] = await walk(rosenbrock, [[-1.2, 1]], 20)
  expect(x).toBeCloseTo(1, 3)
  expect(y).toBeCloseTo(1, 3)
})

test('goes downhill where the curvature is negative', async () => {
  const loss: Loss = (x) => tf.sum(tf.sub(tf.pow(x ?? 0, 4), tf.square(x ?? 0)))
  const [[x = 0] = []] = await walk(loss, [[0.2]], 12)
  expect(x).toBeCloseTo(Math.SQRT1_2, 3)
})

describe('of a logistic regression', () => {
  const random = createRandom(1, 0, 'data')
  const inputs = Array.from({ length: 40 }, () => [1, random.normal(), random.normal()])
  const labels = inputs.map(([, a = 0, b = 0]) => (a - 0.5 * b + random.normal() > 0.3 ? 1 : 0))

  const loss: Loss = (w) => {
    const logits = tf.matMul(tf.tensor2d(inputs), tf.reshape(w ?? 0, [3, 1]))
    return tf.losses.sigmoidCrossEntropy(tf.tensor2d(labels, [40, 1]), logits)
  }

  test('each step is that of iteratively reweighted least squares in double precision', async () => {
    let w = [0, 0, 0]
    for (let step = 0; step < 4; step++) {
      const x = new Matrix(inputs)
      const p = inputs.map((row) => 1 / (1 + Math.exp(-row.reduce((sum, value, i) => sum + value * (w[i] ?? 0), 0))))
      const gradient = x.transpose().mmul(Matrix.columnVector(p.map((each, i) => (each - (labels[i] ?? 0)) / 40)))
      const hessian = x.transpose().mmul(Matrix.diag(p.map((each) => (each * (1 - each)) / 40)).mmul(x))
      const expected = Matrix.columnVector(w).sub(solve(hessian, gradient)).to1DArray()
      const [actual = []] = await walk(loss, [w], 1)
      for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 4)
      w = expected
    }
    expect(Math.hypot(...w)).toBeGreaterThan(1)
  })
})

test('leaves nothing behind but its result', async () => {
  const params = [tf.tensor1d([1, 2]), tf.tensor1d([3])]
  const before = tf.memory().numTensors
  const next = await newtonStep(tf, parabola, params)
  expect(tf.memory().numTensors).toBe(before + 2)
  expect(next.map(({ shape }) => shape)).toEqual([[2], [1]])
  tf.dispose([params, next])
})

test.each([
  ['params', { limit: 2 }],
  ['damping', { damping: -1 }],
  ['difference', { difference: 0 }],
  ['learningRate', { learningRate: 0 }],
])('refuses bad %s', async (name, config) => {
  const step = walk(parabola, [[1, 1], [1]], 1, config)
  await expect(step).rejects.toMatchObject({ code: 'optimizer.invalid', path: `newton.${name}` })
})

test('says so where the loss has no slope', async () => {
  const loss: Loss = (x) => tf.sum(tf.sqrt(tf.sub(x ?? 0, 10)))
  await expect(walk(loss, [[1]], 1)).rejects.toMatchObject({ code: 'optimizer.invalid', path: 'newton.loss' })
})
