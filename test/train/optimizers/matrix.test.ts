import fc from 'fast-check'
import { EigenvalueDecomposition, Matrix, QrDecomposition, SVD } from 'ml-matrix'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { adagrad, scaleByAdagrad } from '../../../src/train/optimizers/adagrad.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { adamw } from '../../../src/train/optimizers/adamw.ts'
import { applyGradients, startOptimizer } from '../../../src/train/optimizers/apply-gradients.ts'
import { muon, scaleByOrthogonalization } from '../../../src/train/optimizers/muon.ts'
import { scaleByShampoo, shampoo } from '../../../src/train/optimizers/shampoo.ts'
import { scaleBySoap, soap } from '../../../src/train/optimizers/soap.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'
import { graft } from '../../../src/train/optimizers/transformations/graft.ts'
import reference from '../../fixtures/train/matrix-optimizers.json' with { type: 'json' }
import given from '../../fixtures/train/optimizers.json' with { type: 'json' }
import { thrownBy } from '../../helpers/errors.ts'
import { descend, numbersIn } from './descend.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

function expectClose(actual: readonly number[] | undefined, expected: readonly number[], tolerance = 1e-5): void {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries())
    expect(Math.abs((actual?.[i] ?? Number.NaN) - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value)))
}

function normal(rows: number, columns: number, seed: number): Matrix {
  const random = createRandom(seed, 0, 'matrix')
  return new Matrix(Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal())))
}

/** What the first steps of a transformation are, each flat, from zeros. */
function stepsOf(transformation: Transformation, gradients: readonly Matrix[]): number[][] {
  const start = Matrix.zeros(gradients[0]?.rows ?? 0, gradients[0]?.columns ?? 0).to2DArray()
  const { path } = descend(
    tf,
    transformation,
    [start],
    (_, step) => [gradients[step]?.to2DArray() ?? start],
    gradients.length,
  )
  return path.map(([after = []], step) => after.map((value, i) => value - (path[step - 1]?.[0]?.[i] ?? 0)))
}

const decayMask = () => true
const followed: Record<string, Transformation> = {
  muon: muon({ learningRate: 0.02, weightDecay: 0.1 }),
  'muon+rms': muon({ learningRate: 0.02, momentum: 0.9, nesterov: false, scale: 'rms' }),
  'muon(adamw)': muon({
    learningRate: 0.02,
    nesterov: false,
    weightDecay: 0.1,
    others: adamw({ learningRate: 0.01, weightDecay: 0, decayMask }),
  }),
  shampoo: shampoo({ learningRate: 0.1, interval: 1, graft: false }),
  'shampoo+means': shampoo({ learningRate: 0.01, momentum: 0, epsilon: 1e-4, interval: 4, decay: 0.9 }),
  soap: soap({ learningRate: 0.01, weightDecay: 0.1, interval: 1 }),
  'soap+interval': soap({ learningRate: 0.01, beta1: 0.9, beta2: 0.99, interval: 5 }),
}

describe('thirty steps follow another implementation', () => {
  test.each(reference.optimizers)('$name: $source', ({ name, params }) => {
    const optimizer = followed[name]
    if (!optimizer) throw new Error(`no optimizer for ${name}`)
    const { w, b } = given.params0
    const gradients = (_: unknown, step: number) => [given.grads[step]?.w ?? w, given.grads[step]?.b ?? b]
    const { path } = descend(tf, optimizer, [w, b], gradients, 30)
    expect(params).toHaveLength(7)
    for (const row of params) {
      const [kernel, bias] = path[row.step - 1] ?? []
      expectClose(kernel, row.w.flat(), 2e-5)
      if ('b' in row) expectClose(bias, row.b ?? [])
    }
  })
})

describe('Muon', () => {
  test('moves along U Vᵀ, whichever way round the matrix is', () => {
    const matrix = normal(3, 5, 1)
    const [wide = []] = stepsOf(scaleByOrthogonalization(5, 'none'), [matrix])
    const [tall = []] = stepsOf(scaleByOrthogonalization(5, 'none'), [matrix.transpose()])
    expectClose(Matrix.from1DArray(5, 3, tall).transpose().to1DArray(), wide)
    for (const value of new SVD(Matrix.from1DArray(3, 5, wide), { autoTranspose: true }).diagonal)
      expect(Math.abs(value - 1)).toBeLessThan(0.4)
  })

  test('makes steps as long as the shape says', () => {
    const gradient = normal(2, 8, 2)
    const of = (scale: 'width' | 'rms' | 'none', matrix = gradient) =>
      new Matrix([stepsOf(scaleByOrthogonalization(5, scale), [matrix])[0] ?? []]).norm('frobenius')
    expect(of('width') / of('none')).toBeCloseTo(2, 5)
    expect(of('width', gradient.transpose()) / of('none')).toBeCloseTo(1, 5)
    expect(of('rms') / of('none')).toBeCloseTo(0.2 * Math.sqrt(8), 5)
  })

  test('takes no heed of the size of gradients', () => {
    const gradient = normal(3, 4, 3)
    const [small = []] = stepsOf(scaleByOrthogonalization(), [Matrix.mul(gradient, 1e-3)])
    expectClose(small, stepsOf(scaleByOrthogonalization(), [gradient])[0] ?? [])
  })

  test('leaves all but kernels to AdamW with the same rate and decay', () => {
    const start = [[1, -2], [[3, 4]], 5]
    const gradients = (_: unknown, step: number) => [[0.1 * step, 1], [[2, -1]], 3]
    const roles = ['bias', 'embedding', 'scale'] as const
    const options = { learningRate: 0.1, weightDecay: 0.2 }
    const { path } = descend(tf, muon(options), start, gradients, 4, roles)
    expect(path).toEqual(descend(tf, adamw(options), start, gradients, 4, roles).path)
  })
})

describe('Shampoo', () => {
  const bare = (config = {}) => scaleByShampoo({ interval: 1, ...config })

  test('of one gradient is the orthogonal matrix nearest to it', () => {
    const matrix = normal(4, 4, 4)
    const svd = new SVD(matrix)
    const expected = svd.leftSingularVectors.mmul(svd.rightSingularVectors.transpose())
    expectClose(stepsOf(bare(), [matrix])[0], expected.to1DArray(), 2e-3)
  })

  test('turns with the gradients', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const q = new QrDecomposition(normal(3, 3, seed)).orthogonalMatrix
        const gradients = [1, 2, 3].map((i) => normal(3, 5, 10 * seed + i))
        const turned = stepsOf(
          bare({ epsilon: 1e-4 }),
          gradients.map((g) => q.mmul(g)),
        )
        const plain = stepsOf(bare({ epsilon: 1e-4 }), gradients)
        for (const [i, step] of plain.entries())
          expectClose(turned[i], q.mmul(Matrix.from1DArray(3, 5, step)).to1DArray(), 1e-3)
      }),
      { numRuns: 15 },
    )
  })

  test('keeps the diagonal of a side that is too long', () => {
    const [first, second] = [normal(3, 2, 5), normal(3, 2, 6)]
    const rows = [0, 1, 2].map((i) => [first, second].reduce((sum, g) => sum + g.getRowVector(i).norm() ** 2, 0))
    const columns = [0, 1].map((j) => [first, second].reduce((sum, g) => sum + g.getColumnVector(j).norm() ** 2, 0))
    const expected = second
      .to2DArray()
      .flatMap((row, i) => row.map((value, j) => value / ((rows[i] ?? 0) * (columns[j] ?? 0)) ** 0.25))
    expectClose(stepsOf(bare({ maximumSize: 1 }), [first, second])[1], expected)

    // The longer side alone: (diagonal of G Gᵀ)^(-1/4) G (Gᵀ G)^(-1/4).
    const { realEigenvalues, eigenvectorMatrix: v } = new EigenvalueDecomposition(first.transpose().mmul(first))
    const right = v.mmul(Matrix.diag(realEigenvalues.map((value) => value ** -0.25))).mmul(v.transpose())
    const left = Matrix.diag(first.to2DArray().map((row) => Math.hypot(...row) ** -0.5))
    expectClose(stepsOf(bare({ maximumSize: 2 }), [first])[0], left.mmul(first).mmul(right).to1DArray(), 1e-4)
  })

  test('computes its roots at first often, then now and then', () => {
    const gradients = Array.from({ length: 16 }, (_, seed) => normal(2, 2, seed))
    const always = stepsOf(bare(), gradients)
    const late = stepsOf(bare({ interval: 7 }), gradients)
    const fresh = always.flatMap((step, t) =>
      step.every((value, i) => Math.abs(value - (late[t]?.[i] ?? Number.NaN)) < 1e-5) ? [t + 1] : [],
    )
    expect(fresh).toEqual([1, 2, 4, 7, 14])
  })

  test('goes as far as what it is grafted on', () => {
    const gradients = [normal(3, 2, 11), normal(3, 2, 12)]
    const norms = (steps: number[][]) => steps.map((step) => Math.hypot(...step))
    const grafted = stepsOf(graft(scaleByAdagrad(), bare()), gradients)
    const own = stepsOf(bare(), gradients)
    expectClose(norms(grafted), norms(stepsOf(scaleByAdagrad(), gradients)))
    const [far, near] = [norms(grafted)[1] ?? 0, norms(own)[1] ?? 0]
    expectClose(grafted[1], own[1]?.map((value) => (value * far) / near) ?? [])
    // So it is by itself, unless it shall not be.
    const optimizer = (config = {}) => shampoo({ learningRate: 0.5, momentum: 0, interval: 1, ...config })
    expectClose(stepsOf(optimizer(), gradients)[1], grafted[1]?.map((value) => -0.5 * value) ?? [])
    expectClose(stepsOf(optimizer({ graft: false }), gradients)[1], own[1]?.map((value) => -0.5 * value) ?? [])
  })

  test('is AdaGrad for all but kernels', () => {
    const start = [[1, -2], [[3, 4]]]
    const gradients = (_: unknown, step: number) => [[0.1 * step, 1], [[2, -1]]]
    const roles = ['bias', 'embedding'] as const
    const { path } = descend(tf, shampoo({ learningRate: 0.1, momentum: 0 }), start, gradients, 4, roles)
    expect(path).toEqual(descend(tf, adagrad({ learningRate: 0.1 }), start, gradients, 4, roles).path)
  })
})

describe('SOAP', () => {
  const gradients = [1, 2, 3, 4].map((seed) => normal(3, 4, seed))

  test('only looks in its first step', () => {
    expect(stepsOf(soap({ learningRate: 0.1 }), gradients)[0]).toEqual(new Array(12).fill(0))
  })

  test('is Adam, a step later, where both sides are too long', () => {
    const moments = { beta1: 0.8, beta2: 0.9 }
    const late = stepsOf(soap({ learningRate: 0.1, maximumSize: 2, ...moments }), gradients).slice(1)
    expectClose(late.flat(), stepsOf(adam({ learningRate: 0.1, ...moments }), gradients.slice(1)).flat())
  })

  test('is Adam in the eigenbases of its first gradient', () => {
    // Diagonal with falling values: the bases are the axes, up to signs; turned by q they are the columns of q.
    const first = Matrix.diag([4, 2, 1])
    const all = [first, normal(3, 3, 5), normal(3, 3, 6)]
    const q = new QrDecomposition(normal(3, 3, 7)).orthogonalMatrix
    const config = { learningRate: 0.1, interval: 9 }
    const upright = stepsOf(soap(config), all).slice(1)
    const moments = { beta1: 0.95, beta2: 0.95 }
    expectClose(upright.flat(), stepsOf(adam({ learningRate: 0.1, ...moments }), all.slice(1)).flat(), 1e-4)
    // Three rounds from the identity bring the bases near, with (1/4)³ and (1/16)³ of error.
    const turned = stepsOf(
      soap(config),
      all.map((g) => q.mmul(g)),
    )
    const expected = upright.map((step) => q.mmul(Matrix.from1DArray(3, 3, step)).to1DArray())
    for (const [i, step] of expected.entries()) expectClose(turned[i + 1], step, 0.05)
  })

  test('is Adam for all but kernels', () => {
    const start = [[1, -2], [[3, 4]]]
    const at = (_: unknown, step: number) => [[0.1 * step, 1], [[2, -1]]]
    const roles = ['bias', 'embedding'] as const
    const { path } = descend(tf, soap({ learningRate: 0.1 }), start, at, 4, roles)
    const plain = adam({ learningRate: 0.1, beta1: 0.95, beta2: 0.95 })
    expect(path).toEqual(descend(tf, plain, start, at, 4, roles).path)
  })
})

test.each([
  ['muon', scaleByOrthogonalization()],
  ['shampoo', scaleByShampoo()],
  ['soap', scaleBySoap()],
] as const)('%s takes the kernel of a convolution as a matrix [inputs, outputs]', (_name, transformation) => {
  tf.tidy(() => {
    const updates = (shape: number[]) => {
      let optimized = startOptimizer(tf, transformation, [tf.zeros(shape)])
      for (const seed of [1, 2]) {
        const gradient = tf.tensor(normal(12, 5, seed).to1DArray(), shape)
        optimized = applyGradients(tf, transformation, optimized, [gradient])
      }
      return optimized.params
    }
    const convolution = updates([2, 3, 2, 5])
    expect(convolution[0]?.shape).toEqual([2, 3, 2, 5])
    expect(numbersIn(convolution)).toEqual(numbersIn(updates([12, 5])))
    expect(numbersIn(convolution)[0]?.some((value) => value !== 0)).toBe(true)
  })
})

// Straight to zero, for those whose steps do not shrink with the gradient.
const sinking = (rate: number, steps: number) => (step: number) => rate * (1 - step / steps)

describe.each([
  ['muon', muon({ learningRate: sinking(0.3, 300) }), muon({ learningRate: sinking(0.01, 2000) })],
  ['shampoo', shampoo({ learningRate: 0.3 }), shampoo({ learningRate: 0.1 })],
  [
    'shampoo without graft',
    shampoo({ learningRate: 0.5, interval: 1, graft: false }),
    shampoo({ learningRate: 0.2, interval: 1, graft: false }),
  ],
  ['soap', soap({ learningRate: sinking(0.3, 300) }), soap({ learningRate: sinking(0.02, 2000) })],
] as const)('%s converges', (_name, forParabola, forRosenbrock) => {
  test('on a parabola', () => {
    const minimum = [1, -1, 2, 0, 0.5, 3]
    const slope = (x: number[] = []) => x.map((value, i) => 2 * (i + 1) * (value - (minimum[i] ?? 0)))
    const gradients = ([x]: number[][]) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = slope(x)
      return [
        [
          [a, b, c],
          [d, e, f],
        ],
      ]
    }
    const { path } = descend(
      tf,
      forParabola,
      [
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
      ],
      gradients,
      300,
    )
    expectClose(path.at(-1)?.[0], minimum, 0.03)
  })

  test('on Rosenbrock', () => {
    const gradients = ([[x = 0, y = 0] = []]: number[][]) => [
      [[-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]],
    ]
    const { path } = descend(tf, forRosenbrock, [[[0, 0]]], gradients, 2000)
    const [x = 0, y = 0] = path.at(-1)?.[0] ?? []
    expect(100 * (y - x * x) ** 2 + (1 - x) ** 2).toBeLessThan(2e-3)
  })
})

test.each([
  ['muon.steps', () => muon({ learningRate: 0.1, steps: 0 })],
  ['momentum', () => muon({ learningRate: 0.1, momentum: 1 })],
  ['learningRate', () => shampoo({ learningRate: -1 })],
  ['shampoo.decay', () => shampoo({ learningRate: 0.1, decay: 0 })],
  ['shampoo.epsilon', () => shampoo({ learningRate: 0.1, epsilon: 0 })],
  ['shampoo.interval', () => shampoo({ learningRate: 0.1, interval: 1.5 })],
  ['shampoo.maximumSize', () => shampoo({ learningRate: 0.1, maximumSize: 0 })],
  ['soap.beta2', () => soap({ learningRate: 0.1, beta2: 1 })],
  ['soap.interval', () => soap({ learningRate: 0.1, interval: 0 })],
  ['soap.maximumSize', () => soap({ learningRate: 0.1, maximumSize: -1 })],
])('refuses a bad %s', (path, make) => {
  const error = thrownBy(make)
  expect(error.code).toBe('optimizer.invalid')
  expect(error.path).toBe(path)
})
