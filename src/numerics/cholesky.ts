import { dot, dots, type Three } from './dots.ts'

/**
 * The Cholesky factor L of a symmetric positive definite matrix, A = L Lᵀ: row i is at `triangleSize(i)` of `rows`, i + 1
 * numbers long. `rows` may have room for more.
 */
export interface Cholesky {
  readonly size: number
  readonly rows: Float64Array
}

/** How many numbers the lower triangle of a matrix with `size` rows has, and where row `size` of a longer one begins. */
export function triangleSize(size: number): number {
  return (size * (size + 1)) / 2
}

/**
 * The factor of a matrix, in place of it: `rows` is its lower triangle, row by row, and becomes the factor's. Undefined
 * where the matrix is not positive definite to working precision, or holds what is no number; `rows` is then of no use.
 */
export function factorize(rows: Float64Array, size: number): Cholesky | undefined {
  for (let i = 0; i < size; i += 3) {
    const height = Math.min(3, size - i)
    const starts: Three = [triangleSize(i), triangleSize(i + 1), triangleSize(i + 2)]
    if (height === 3) forwardThree(rows, 0, i, rows, starts)
    for (let row = i; row < i + height; row++) {
      if (!finishRow(rows, row, height === 3 ? i : 0)) return undefined
    }
  }
  return { size, rows }
}

/**
 * The factor of the matrix with one more row and column, in O(n²). It shares its rows with the factor given, which stays
 * what it was: of two rows appended to the same factor only the later one is kept.
 * @param row the new row of the matrix, the diagonal element last
 */
export function append({ size, rows }: Cholesky, row: ArrayLike<number>): Cholesky | undefined {
  const start = triangleSize(size)
  let wide = rows
  if (rows.length < start + size + 1) {
    wide = new Float64Array(triangleSize(size + 8 + Math.ceil(size / 4)))
    wide.set(rows.subarray(0, start))
  }
  for (let k = 0; k <= size; k++) wide[start + k] = row[k] ?? Number.NaN
  return finishRow(wide, size, 0) ? { size: size + 1, rows: wide } : undefined
}

/** Makes `vector`, at least as long as the factor, L⁻¹ times what it was, and returns it. */
export function solveLower({ size, rows }: Cholesky, vector: Float64Array): Float64Array {
  forwardOne(rows, 0, size, vector, 0)
  return vector
}

/**
 * Makes each of `count` vectors, one behind the other in `vectors`, L⁻¹ times what it was. Three times as fast as one by one.
 * @returns `vectors`
 */
export function solveLowerEach({ size, rows }: Cholesky, vectors: Float64Array, count: number): Float64Array {
  for (let i = 0; i < count; i += 3) {
    if (i + 2 < count) forwardThree(rows, 0, size, vectors, [i * size, (i + 1) * size, (i + 2) * size])
    else for (let j = i; j < count; j++) forwardOne(rows, 0, size, vectors, j * size)
  }
  return vectors
}

/** Makes `vector` L⁻ᵀ times what it was, and returns it. */
export function solveUpper({ size, rows }: Cholesky, vector: Float64Array): Float64Array {
  for (let i = size - 1; i >= 0; i--) {
    const start = triangleSize(i)
    const x = (vector[i] ?? 0) / (rows[start + i] ?? 0)
    vector[i] = x
    for (let k = 0; k < i; k++) vector[k] = (vector[k] ?? 0) - x * (rows[start + k] ?? 0)
  }
  return vector
}

/** Makes `vector` A⁻¹ times what it was, and returns it. */
export function solve(factor: Cholesky, vector: Float64Array): Float64Array {
  return solveUpper(factor, solveLower(factor, vector))
}

/** log det A. */
export function logDeterminant({ size, rows }: Cholesky): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += Math.log(rows[triangleSize(i) + i] ?? 0)
  return 2 * sum
}

/** The lower triangle of A⁻¹, row by row. As costly as twice the factorization. */
export function inverse({ size, rows }: Cholesky): Float64Array {
  // Row i is column i of L⁻¹, which is 0 up to the diagonal. Rows to a multiple of three.
  const height = Math.ceil(size / 3) * 3
  const columns = new Float64Array(height * size)
  const out = new Float64Array(triangleSize(size))
  const products = new Float64Array(9)
  for (let i = 0; i < size; i += 3) {
    const starts: Three = [i * size, (i + 1) * size, (i + 2) * size]
    for (let row = i; row < Math.min(size, i + 3); row++) columns[row * size + row] = 1
    forwardThree(rows, i, size, columns, starts)
  }
  for (let i = 0; i < size; i += 3) {
    for (let j = 0; j <= i; j += 3) {
      const left: Three = [i * size, (i + 1) * size, (i + 2) * size]
      dots(products, columns, left, columns, [j * size, (j + 1) * size, (j + 2) * size], i, size)
      for (let p = 0; p < 9; p++) {
        const row = i + Math.floor(p / 3)
        const column = j + (p % 3)
        if (row < size && column <= row) out[triangleSize(row) + column] = products[p] ?? 0
      }
    }
  }
  return out
}

/** Row `row` of a triangle, of which the columns before `from` are done, from the matrix's to the factor's. */
function finishRow(rows: Float64Array, row: number, from: number): boolean {
  const start = triangleSize(row)
  if (from < row) forwardOne(rows, from, row, rows, start, 0)
  const square = (rows[start + row] ?? 0) - dot(rows, start, rows, start, 0, row)
  rows[start + row] = Math.sqrt(square)
  return square > 0 && square < Number.POSITIVE_INFINITY
}

/**
 * Forward substitution in the columns from `from` to below `to`.
 * @param first where the row's first number that is not 0 is
 */
function forwardOne(rows: Float64Array, from: number, to: number, x: Float64Array, start: number, first = from): void {
  for (let i = from; i < to; i++) {
    const row = triangleSize(i)
    x[start + i] = ((x[start + i] ?? 0) - dot(x, start, rows, row, first, i)) / (rows[row + i] ?? 0)
  }
}

const scratch = new Float64Array(9)

/** The same for three rows at once, which are 0 before `from`. */
function forwardThree(rows: Float64Array, from: number, to: number, x: Float64Array, starts: Three): void {
  let i = from
  for (; i + 2 < to; i += 3) {
    const below: Three = [triangleSize(i), triangleSize(i + 1), triangleSize(i + 2)]
    dots(scratch, x, starts, rows, below, from, i)
    const [d0, e0, e1] = [rows[below[0] + i] ?? 0, rows[below[1] + i] ?? 0, rows[below[2] + i] ?? 0]
    const [d1, e2] = [rows[below[1] + i + 1] ?? 0, rows[below[2] + i + 1] ?? 0]
    const d2 = rows[below[2] + i + 2] ?? 0
    for (let r = 0; r < 3; r++) {
      const at = (starts[r] ?? 0) + i
      const x0 = ((x[at] ?? 0) - (scratch[3 * r] ?? 0)) / d0
      const x1 = ((x[at + 1] ?? 0) - (scratch[3 * r + 1] ?? 0) - e0 * x0) / d1
      x[at] = x0
      x[at + 1] = x1
      x[at + 2] = ((x[at + 2] ?? 0) - (scratch[3 * r + 2] ?? 0) - e1 * x0 - e2 * x1) / d2
    }
  }
  for (const start of starts) forwardOne(rows, i, to, x, start, from)
}
