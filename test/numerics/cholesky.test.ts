import fc from 'fast-check'
import { CholeskyDecomposition, determinant, inverse as inverseOf, Matrix } from 'ml-matrix'
import { describe, expect, test } from 'vitest'
import {
  append,
  type Cholesky,
  factorize,
  inverse,
  logDeterminant,
  solve,
  solveLower,
  solveLowerEach,
  solveUpper,
  triangleSize,
} from '../../src/numerics/cholesky.ts'
import { createRandom } from '../../src/numerics/random.ts'

/** A Gaussian process's matrix: Matérn 5/2 of random points, with some noise. */
function covariance(size: number, seed = 1): Float64Array {
  const { next } = createRandom(seed, 0, 'cholesky')
  const points = Array.from({ length: size }, () => [next(), next(), next()])
  return triangle(size, (i, j) => {
    const distance = Math.sqrt(5) * Math.hypot(...[0, 1, 2].map((d) => (points[i]?.[d] ?? 0) - (points[j]?.[d] ?? 0)))
    return (1 + distance + distance ** 2 / 3) * Math.exp(-distance) + (i === j ? 0.01 : 0)
  })
}

function triangle(size: number, element: (i: number, j: number) => number): Float64Array {
  const rows = new Float64Array(triangleSize(size))
  for (let i = 0, k = 0; i < size; i++) for (let j = 0; j <= i; j++) rows[k++] = element(i, j)
  return rows
}

function symmetric(size: number, rows: Float64Array): Matrix {
  const matrix = Matrix.zeros(size, size)
  for (let i = 0, k = 0; i < size; i++) {
    for (let j = 0; j <= i; j++, k++) {
      matrix.set(i, j, rows[k] ?? Number.NaN)
      matrix.set(j, i, rows[k] ?? Number.NaN)
    }
  }
  return matrix
}

function factorOf(size: number, rows: Float64Array): Cholesky {
  const factor = factorize(rows.slice(), size)
  if (!factor) throw new Error('not positive definite')
  return factor
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-11): void {
  expect(found.length).toBe(expected.length)
  for (let i = 0; i < found.length; i++) {
    const at = expected[i] ?? Number.NaN
    expect(Math.abs((found[i] ?? Number.NaN) - at)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(at)))
  }
}

// Every remainder of the blocks of three, and a size of many blocks.
describe.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 31, 120])('a matrix of %d rows', (size) => {
  const matrix = covariance(size)
  const full = symmetric(size, matrix)
  const factor = factorOf(size, matrix)
  const { normal } = createRandom(2, size, 'vector')
  const vector = Float64Array.from({ length: size }, normal)

  test('has the factor that ml-matrix finds', () => {
    const lower = size === 0 ? Matrix.zeros(0, 0) : new CholeskyDecomposition(full).lowerTriangularMatrix
    expectClose(
      factor.rows,
      triangle(size, (i, j) => lower.get(i, j)),
    )
  })

  test('grows by rows to the factor that it has at once', () => {
    let grown: Cholesky = { size: 0, rows: new Float64Array(0) }
    for (let i = 0; i < size; i++) {
      grown = append(grown, matrix.subarray(triangleSize(i), triangleSize(i + 1))) ?? grown
      expect(grown.size).toBe(i + 1)
    }
    expectClose(grown.rows.subarray(0, triangleSize(size)), factor.rows)
  })

  test('is solved for vectors, alone and many at once', () => {
    const product = full.mmul(Matrix.columnVector([...solve(factor, vector.slice())])).to1DArray()
    expectClose(product, vector, 1e-9)
    expectClose(solveUpper(factor, solveLower(factor, vector.slice())), solve(factor, vector.slice()))
    for (const count of [0, 1, 2, 3, 7]) {
      const each = Float64Array.from({ length: count * size }, normal)
      const alone = Array.from({ length: count }, (_, i) => [
        ...solveLower(factor, each.slice(i * size, (i + 1) * size)),
      ])
      expectClose(solveLowerEach(factor, each, count), alone.flat())
    }
  })

  test('has the inverse and the determinant that ml-matrix finds', () => {
    const expected = size === 0 ? Matrix.zeros(0, 0) : inverseOf(full)
    expectClose(
      inverse(factor),
      triangle(size, (i, j) => expected.get(i, j)),
      1e-9,
    )
    if (size < 40) expect(logDeterminant(factor)).toBeCloseTo(size === 0 ? 0 : Math.log(determinant(full)), 9)
  })
})

test('the factor times its transpose is the matrix', () => {
  const number = fc.double({ min: -3, max: 3, noNaN: true })
  const size = fc.nat(13)
  const roots = size.chain((n) =>
    fc.array(fc.array(number, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
  )
  fc.assert(
    fc.property(roots, (root) => {
      const product = (i: number, j: number) =>
        (root[i] ?? []).reduce((sum, value, k) => sum + value * (root[j]?.[k] ?? 0), i === j ? 0.1 : 0)
      const matrix = triangle(root.length, product)
      const { rows } = factorOf(root.length, matrix)
      const at = (i: number, j: number) => (j <= i ? (rows[triangleSize(i) + j] ?? Number.NaN) : 0)
      expectClose(
        triangle(root.length, (i, j) => root.reduce((sum, _, k) => sum + at(i, k) * at(j, k), 0)),
        matrix,
        1e-12,
      )
    }),
  )
})

test('a matrix that is not positive definite, or no matrix of numbers, has none', () => {
  for (const size of [1, 2, 3, 4, 7, 12]) {
    for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      for (let row = 0; row < size; row++) {
        expect(
          factorize(
            triangle(size, (i, j) => (i !== j ? 0 : i === row ? wrong : 1)),
            size,
          ),
        ).toBeUndefined()
      }
    }
    // Of rank one.
    if (size > 1)
      expect(
        factorize(
          triangle(size, () => 1),
          size,
        ),
      ).toBeUndefined()
  }
  const one = factorOf(1, Float64Array.of(4))
  for (const row of [[2, 1], [2, Number.NaN], [2, 0.5], [2]]) expect(append(one, row)).toBeUndefined()
})

test('a factor stays what it was when rows are appended to it', () => {
  const [five, twenty] = [covariance(20).slice(0, triangleSize(5)), covariance(20)]
  const whole = factorOf(20, twenty)
  const first = factorOf(5, five)
  const row = (size: number) => twenty.subarray(triangleSize(size), triangleSize(size + 1))
  let grown = first
  // Past the room that the rows had at first.
  for (let size = 5; size < 20; size++) grown = append(grown, row(size)) ?? grown
  const shorter = { size: 12, rows: grown.rows }
  const other = append(shorter, new Float64Array(13).fill(0.1).fill(2, 12))
  expect(other?.rows).toBe(grown.rows)
  expectClose(shorter.rows.subarray(0, triangleSize(12)), whole.rows.subarray(0, triangleSize(12)))
  expectClose(first.rows, whole.rows.subarray(0, triangleSize(5)))
  expect(logDeterminant(first)).toBe(logDeterminant({ size: 5, rows: grown.rows }))
})
