import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { evaluate } from '../../../src/train/evaluate.ts'
import { gradientsOf } from '../../../src/train/gradients.ts'
import { expectedLoss, steadyLoss } from '../../../src/train/models/quadratic/expected-loss.ts'
import { fewestSteps } from '../../../src/train/models/quadratic/fewest-steps.ts'
import { meanOutput } from '../../../src/train/models/quadratic/mean-output.ts'
import { noisyQuadratic, type QuadraticSteps } from '../../../src/train/models/quadratic/problem.ts'
import { quadratic } from '../../../src/train/models/quadratic/quadratic.ts'
import { quadraticDataset } from '../../../src/train/models/quadratic/quadratic-dataset.ts'
import { initialWeights, toTensors } from '../../../src/train/weights.ts'
import { thrownBy } from '../../helpers/errors.ts'

const problem = noisyQuadratic()

describe('the noisy quadratic problem', () => {
  test('begins with a loss of 4.893803', () => {
    expect(expectedLoss(problem, { rate: 0.1, batchSize: 4 })(0)).toBeCloseTo(4.893803, 6)
  })

  // Computed by a program of its own over all 10,000 dimensions: batch size, then steps and rate to .1, to .01, and to .01
  // with the gradients multiplied by h^-.5.
  test.each([
    [4, 81_326, 0.113646, 1_515_845, 0.012915, 347_979, 0.000681],
    [16, 21_059, 0.464159, 378_758, 0.05275, 87_065, 0.002783],
    [64, 6455, 1.29155, 95_989, 0.215443, 21_855, 0.011365],
    [256, 3704, 1.668101, 25_778, 0.774264, 5501, 0.040842],
    [1024, 3015, 1.895736, 10_371, 1.668101, 1371, 0.16681],
    [4096, 2839, 1.895736, 7870, 1.895736, 345, 0.681292],
    [16_384, 2798, 1.895736, 7214, 1.895736, 107, 1.895736],
    [2 ** 21, 2785, 1.895736, 7038, 1.895736, 84, 1.895736],
  ])('takes the fewest steps that are known at batch size %d', (batchSize, ...known) => {
    const found = [
      fewestSteps(problem, 0.1, { batchSize }),
      fewestSteps(problem, 0.01, { batchSize }),
      fewestSteps(problem, 0.01, { batchSize, preconditioning: 0.5 }),
    ]
    expect(found.flatMap((each) => [each?.steps, Number(each?.rate.toFixed(6))])).toEqual(known)
  })

  test('is solved by a rate that takes one of its dimensions home in one step', () => {
    // 1/2 · 1/4 of the first, and 1/4 (1/4 + 1/8) of the second.
    expect(expectedLoss(noisyQuadratic(2), { rate: 1, batchSize: 4 })(1)).toBeCloseTo(0.21875, 12)
  })

  test('has no fewest steps to what noise does not allow, and none to what it is already', () => {
    expect(fewestSteps(problem, 1e-9, { batchSize: 4 })).toBeUndefined()
    expect(fewestSteps(problem, 5, { batchSize: 4 })?.steps).toBe(0)
  })

  test.each<QuadraticSteps>([
    { rate: 0.5, batchSize: 3 },
    { rate: 1.9, batchSize: 8 },
    { rate: 0.5, batchSize: 3, momentum: 0.9 },
    { rate: 3.5, batchSize: 2, momentum: 0.8 },
    { rate: 0.01, batchSize: 2, momentum: 0.3 },
    // Both eigenvalues are the same: 1 + μ - α = 2 √μ in the first dimension.
    { rate: 0.25, batchSize: 2, momentum: 0.25 },
    { rate: 0.2, batchSize: 3, preconditioning: 0.5 },
    { rate: 0.2, batchSize: 3, momentum: 0.5, preconditioning: 1 },
    // Diverges.
    { rate: 2.5, batchSize: 3 },
  ])('follows its recursion step by step, and comes to rest where it says: %o', (steps) => {
    const small = noisyQuadratic(4)
    const { rate, batchSize, momentum = 0, preconditioning = 0 } = steps
    const loss = expectedLoss(small, steps)
    // Covariance of θ and v in each dimension.
    const states = Array.from(small.curvatures, () => ({ place: 1, mixed: 0, speed: 0 }))
    const step = () =>
      small.curvatures.forEach((h, i) => {
        const state = states[i] ?? { place: Number.NaN, mixed: 0, speed: 0 }
        const curvature = h ** (1 - preconditioning)
        const variance = ((small.noise[i] ?? 0) * h ** (-2 * preconditioning)) / batchSize
        const { place, mixed, speed } = state
        // v' = k θ + μ v + ε, then θ' = θ - α v'.
        const nextSpeed = curvature ** 2 * place + 2 * curvature * momentum * mixed + momentum ** 2 * speed + variance
        const across = curvature * place + momentum * mixed
        state.place = place - 2 * rate * across + rate ** 2 * nextSpeed
        state.mixed = across - rate * nextSpeed
        state.speed = nextSpeed
      })
    const now = () => states.reduce((sum, { place }, i) => sum + ((small.curvatures[i] ?? 0) / 2) * place, 0)
    for (let count = 1; count <= 30; count++) {
      step()
      expect(loss(count) / now()).toBeCloseTo(1, 9)
    }
    const diverges = rate * 1 >= 2 + 2 * momentum
    if (diverges) expect(steadyLoss(small, steps)).toBe(Number.POSITIVE_INFINITY)
    else {
      for (let count = 0; count < 5000; count++) step()
      expect(steadyLoss(small, steps) / now()).toBeCloseTo(1, 6)
    }
  })

  test('refuses what no steps can be made with', () => {
    for (const [path, steps] of [
      ['quadratic.rate', { rate: 0, batchSize: 1 }],
      ['quadratic.batchSize', { rate: 1, batchSize: 0 }],
      ['quadratic.momentum', { rate: 1, batchSize: 1, momentum: 1 }],
    ] as const) {
      expect(thrownBy(() => expectedLoss(problem, steps))).toMatchObject({ code: 'optimizer.invalid', path })
    }
    expect(thrownBy(() => noisyQuadratic(0))).toMatchObject({ code: 'model.invalid' })
    expect(thrownBy(() => quadraticDataset(noisyQuadratic(2), 0))).toMatchObject({ code: 'model.invalid' })
  })
})

describe('the model of it', () => {
  const ten = noisyQuadratic(10)
  const model = quadratic(ten)
  const dataset = quadraticDataset(ten, 3)
  let tf: Tf
  beforeAll(async () => {
    tf = await (await createEngine('cpu')).load()
  })

  test('has the loss of the problem, whatever the noise', async () => {
    const params = toTensors(
      tf,
      initialWeights(model, () => createRandom(0, 0, 'weights')),
    )
    const { loss } = await evaluate(tf, model, meanOutput, params, dataset)
    expect(loss).toBeCloseTo(expectedLoss(ten, { rate: 1, batchSize: 1 })(0), 5)
  })

  test('has gradients with the mean and the covariance of the problem, so that its noise scales are known', () => {
    const params = toTensors(
      tf,
      initialWeights(model, () => createRandom(0, 0, 'weights')),
    )
    const { values } = dataset.inputs.features ?? { values: new Float32Array() }
    const gradients = Array.from({ length: dataset.rows }, (_, row) =>
      tf.tidy(() => {
        const features = tf.tensor2d(values.slice(row * 10, (row + 1) * 10), [1, 10])
        const batch = { inputs: { features }, labels: tf.zeros([1]) }
        return [...(gradientsOf(tf, model, meanOutput, params, batch).gradients[0]?.dataSync() ?? [])]
      }),
    )
    const mean = (of: (gradient: number[]) => number) => gradients.reduce((sum, g) => sum + of(g), 0) / dataset.rows
    const means = Array.from({ length: 10 }, (_, i) => mean((g) => g[i] ?? 0))
    for (const [i, value] of means.entries()) {
      expect(value).toBeCloseTo(1 / (i + 1), 6)
      for (let j = 0; j <= i; j++) {
        const covariance = mean((g) => ((g[i] ?? 0) - value) * ((g[j] ?? 0) - (means[j] ?? 0)))
        expect(covariance).toBeCloseTo(i === j ? 1 / (i + 1) : 0, 5)
      }
    }
    const square = means.reduce((sum, g) => sum + g * g, 0)
    expect(square).toBeCloseTo(1.54976773, 5)
    // tr Σ / |G|², McCandlish et al., arXiv 1812.06162, eq. 2.9.
    const trace = means.reduce((sum, value, i) => sum + mean((g) => ((g[i] ?? 0) - value) ** 2), 0)
    expect(trace / square).toBeCloseTo(1.88994015, 4)
  })
})
