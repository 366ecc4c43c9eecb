import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { EigenvalueDecomposition, Matrix, SVD } from 'ml-matrix'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { nextEigenbasis } from '../../../src/train/optimizers/parts/matrix-eigenbasis.ts'
import { inverseFourthRoot } from '../../../src/train/optimizers/parts/matrix-inverse-root.ts'
import { MUON_COEFFICIENTS, orthogonalize } from '../../../src/train/optimizers/parts/matrix-orthogonalize.ts'
import { orthonormalRows } from '../../../src/train/optimizers/parts/matrix-orthonormal-rows.ts'
import { findEngine } from '../../helpers/engines.ts'

const engines = (await Promise.all((['cpu', 'wasm', 'webgpu', 'tensorflow'] as const).map(findEngine))).flatMap(
  (engine) => engine ?? [],
)

/** Of independent normal numbers. */
function normal(rows: number, columns: number, seed: number): Matrix {
  const random = createRandom(seed, 0, 'matrix')
  return new Matrix(Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal())))
}

const relativeError = (actual: Matrix, expected: Matrix) =>
  Matrix.sub(actual, expected).norm('frobenius') / expected.norm('frobenius')

/** V f(λ) Vᵀ. */
function mapEigenvalues(symmetric: Matrix, f: (value: number) => number): Matrix {
  const { realEigenvalues, eigenvectorMatrix: v } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true })
  return v.mmul(Matrix.diag(realEigenvalues.map(f))).mmul(v.transpose())
}

describe.each(engines)('on $name', (engine) => {
  /** What a function of tensors makes of matrices. */
  async function run(matrices: readonly Matrix[], f: (...tensors: Tensor[]) => Tensor): Promise<Matrix> {
    const tf = await engine.load()
    const before = tf.memory().numTensors
    const inputs = matrices.map((matrix) => tf.tensor2d(matrix.to2DArray()))
    const output = tf.tidy(() => f(...inputs))
    const [rows = 0, columns = 0] = output.shape
    const result = Matrix.from1DArray(rows, columns, [...(await output.data())])
    tf.dispose([inputs, output])
    expect(tf.memory().numTensors).toBe(before)
    return result
  }

  describe('the inverse fourth root', () => {
    const rootOf = async (matrix: Matrix, epsilon: number) => {
      const tf = await engine.load()
      return run([matrix], (a) => inverseFourthRoot(epsilon)(tf, a ?? tf.zeros([0, 0])))
    }

    /** In double precision, with the ridge of the bound ‖A⁴‖^(1/4). */
    function expectedRoot(matrix: Matrix, epsilon: number): Matrix {
      const square = matrix.mmul(matrix)
      const ridge = epsilon * square.mmul(square).norm('frobenius') ** 0.25
      return mapEigenvalues(matrix, (value) => (Math.max(0, value) + ridge) ** -0.25)
    }

    test.each([
      [1, 1, 1e-4, 1e-5],
      [12, 40, 1e-4, 1e-5],
      [24, 24, 1e-4, 1e-4],
      // Singular ones, where the ridge is all there is to most eigenvalues.
      [12, 2, 1e-4, 2e-4],
      [24, 5, 1e-5, 2e-3],
      [24, 1, 1e-6, 2e-2],
    ])('of G Gᵀ with G %i × %i and a ridge of %f', async (rows, columns, epsilon, tolerance) => {
      for (const seed of [1, 2, 3]) {
        const g = normal(rows, columns, seed)
        const matrix = g.mmul(g.transpose())
        expect(relativeError(await rootOf(matrix, epsilon), expectedRoot(matrix, epsilon))).toBeLessThan(tolerance)
      }
    })

    test('goes with the scale of the matrix', async () => {
      const g = normal(6, 8, 4)
      const matrix = g.mmul(g.transpose())
      const root = await rootOf(matrix, 1e-4)
      for (const scale of [1e-16, 1e16]) {
        const scaled = await rootOf(Matrix.mul(matrix, scale), 1e-4)
        expect(relativeError(Matrix.mul(scaled, scale ** 0.25), root)).toBeLessThan(1e-4)
      }
    })

    test('of nothing is finite', async () => {
      expect((await rootOf(Matrix.zeros(3, 3), 1e-6)).to1DArray().every(Number.isFinite)).toBe(true)
    })
  })

  test.each([
    [4, 4],
    [3, 9],
    [9, 3],
  ])('orthogonalization of %i × %i does to singular values what the polynomial does to numbers', async (...shape) => {
    const tf = await engine.load()
    const matrix = normal(...shape, 5)
    const actual = await run([matrix], (g) => orthogonalize(tf, g ?? tf.zeros(shape)))
    const svd = new SVD(matrix, { autoTranspose: true })
    const [a, b, c] = MUON_COEFFICIENTS
    const values = svd.diagonal.map((value) => {
      let x = value / matrix.norm('frobenius')
      for (let i = 0; i < 5; i++) x = a * x + b * x ** 3 + c * x ** 5
      return x
    })
    const [u, v] = [svd.leftSingularVectors, svd.rightSingularVectors]
    const k = values.length
    const expected = u
      .subMatrix(0, u.rows - 1, 0, k - 1)
      .mmul(Matrix.diag(values))
      .mmul(v.subMatrix(0, v.rows - 1, 0, k - 1).transpose())
    expect(relativeError(actual, expected)).toBeLessThan(2e-5)
    for (const value of values) expect(Math.abs(value - 1)).toBeLessThan(0.4)
  })

  describe('orthonormal rows', () => {
    const rowsOf = async (matrix: Matrix) => {
      const tf = await engine.load()
      return run([matrix], (x) => orthonormalRows(tf, (x ?? tf.zeros([0, 0])).as2D(matrix.rows, matrix.columns)))
    }

    test.each([
      [1, 3],
      [5, 5],
      [7, 20],
    ])('are those of Gram and Schmidt: %i × %i', async (rows, columns) => {
      const matrix = normal(rows, columns, 6)
      const q = await rowsOf(matrix)
      expect(relativeError(q.mmul(q.transpose()), Matrix.eye(rows, rows))).toBeLessThan(1e-5)
      // Each row has a part of itself and of those before it.
      const parts = matrix.mmul(q.transpose())
      for (let i = 0; i < rows; i++) {
        expect(parts.get(i, i)).toBeGreaterThan(0)
        for (let j = i + 1; j < rows; j++) expect(Math.abs(parts.get(i, j))).toBeLessThan(1e-5)
      }
    })

    test('are so where all rows are nearly one', async () => {
      const [u, v] = [normal(20, 1, 7), normal(1, 20, 8)]
      const q = await rowsOf(u.mmul(v).add(Matrix.eye(20, 20, 1e-4)))
      expect(relativeError(q.mmul(q.transpose()), Matrix.eye(20, 20))).toBeLessThan(1e-4)
    })
  })

  describe('the eigenbasis', () => {
    const nextOf = async (matrix: Matrix, ...basis: Matrix[]) => {
      const tf = await engine.load()
      return run([matrix, ...basis], (a, q) => nextEigenbasis(tf, a ?? tf.zeros([0, 0]), q))
    }

    test('comes nearer round by round', async () => {
      const matrix = mapEigenvalues(normal(6, 6, 9).mmul(normal(6, 6, 9).transpose()), (value) => value + 1)
      const offDiagonal = (q: Matrix) => {
        const inside = q.mmul(matrix).mmul(q.transpose())
        return Matrix.sub(inside, Matrix.diag(inside.diagonal())).norm('frobenius')
      }
      let basis = await nextOf(matrix)
      const distances = [offDiagonal(basis)]
      for (let round = 0; round < 40; round++) {
        basis = await nextOf(matrix, basis)
        distances.push(offDiagonal(basis))
      }
      expect(distances[10]).toBeLessThan(distances[0] ?? 0)
      expect(distances.at(-1)).toBeLessThan(1e-3 * matrix.norm('frobenius'))
      const values = new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues
      const found = basis.mmul(matrix).mmul(basis.transpose()).diagonal()
      for (const [i, value] of values.toSorted((a, b) => b - a).entries()) expect(found[i]).toBeCloseTo(value, 2)
    })

    test('is orthonormal where the matrix has rank 1, or none', async () => {
      const g = normal(9, 1, 10)
      for (const matrix of [g.mmul(g.transpose()), Matrix.zeros(9, 9)]) {
        const q = await nextOf(matrix)
        expect(relativeError(q.mmul(q.transpose()), Matrix.eye(9, 9))).toBeLessThan(1e-4)
      }
    })
  })
})

test('the iteration for the root ends where it should, however small the smallest eigenvalue', async () => {
  const tf = await engines[0]?.load()
  if (!tf) throw new Error('no engine')
  fc.assert(
    fc.property(fc.double({ min: -5, max: 0, noNaN: true }), (exponent) => {
      tf.tidy(() => {
        const root = inverseFourthRoot(10 ** exponent)(
          tf,
          tf.tensor2d([
            [1, 0],
            [0, 0],
          ]),
        ).dataSync()
        expect((root[0] ?? 0) * (1 + 10 ** exponent) ** 0.25).toBeCloseTo(1, 4)
        expect((root[3] ?? 0) * 10 ** (exponent / 4)).toBeCloseTo(1, 2)
      })
    }),
    { numRuns: 30 },
  )
})
