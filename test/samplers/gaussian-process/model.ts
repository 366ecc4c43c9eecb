import { createRandom, type Random } from '../../../src/numerics/random.ts'
import type { Kernel } from '../../../src/samplers/gaussian-process/kernel.ts'

/** Three numbers and an option of three, in `n` rows. */
export const isOption = [false, false, false, true]

export function rowsOf(n: number, random: Random = createRandom(1, n, 'rows')): Float64Array {
  return Float64Array.from({ length: n * 4 }, (_, i) => (i % 4 === 3 ? random.int(3) : random.next()))
}

export const kernel: Kernel = {
  joint: Float64Array.of(1.5, 3, 0.4, 2),
  single: Float64Array.of(6, 2, 9, 1),
  all: 0.7,
  main: 0.4,
  pairs: 0.9,
}

/** The kernel as it is written down in its documentation, rather than as it is computed. */
export function covarianceOf(
  { joint, single, all, main, pairs }: Kernel,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  const d = isOption.length
  const squares = isOption.map((option, k) => {
    const [x = 0, y = 0] = [a[k], b[k]]
    return option ? (x === y ? 0 : x < 0 || y < 0 ? 0.5 : 1) : (x - y) ** 2
  })
  const matern = (square: number) => {
    const r = Math.sqrt(square)
    return (1 + Math.sqrt(5) * r + (5 * r * r) / 3) * Math.exp(-Math.sqrt(5) * r)
  }
  const ones = squares.map((square, k) => matern((single[k] ?? 0) * square))
  let value = all * matern(squares.reduce((sum, square, k) => sum + (joint[k] ?? 0) * square, 0))
  for (let k = 0; k < d; k++) {
    value += (main / d) * (ones[k] ?? 0)
    for (let l = 0; l < k; l++) value += (pairs / ((d * (d - 1)) / 2)) * (ones[k] ?? 0) * (ones[l] ?? 0)
  }
  return value
}

/** x with A x = b, by Gaussian elimination with pivots: the plain way. */
export function solveDense(matrix: readonly (readonly number[])[], b: ArrayLike<number>): number[] {
  const rows = matrix.map((row, i) => [...row, b[i] ?? 0])
  const n = rows.length
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k; i < n; i++) if (Math.abs(rows[i]?.[k] ?? 0) > Math.abs(rows[pivot]?.[k] ?? 0)) pivot = i
    ;[rows[k], rows[pivot]] = [rows[pivot] ?? [], rows[k] ?? []]
    for (let i = k + 1; i < n; i++) {
      const factor = (rows[i]?.[k] ?? 0) / (rows[k]?.[k] ?? 1)
      rows[i] = (rows[i] ?? []).map((value, j) => value - factor * (rows[k]?.[j] ?? 0))
    }
  }
  const x: number[] = []
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]?.[n] ?? 0
    for (let j = i + 1; j < n; j++) sum -= (rows[i]?.[j] ?? 0) * (x[j] ?? 0)
    x[i] = sum / (rows[i]?.[i] ?? 1)
  }
  return x
}

/** The derivative of a function of several variables, by central differences. */
export function differences(f: (x: Float64Array) => number, x: Float64Array, h = 1e-6): number[] {
  return Array.from(x, (_, k) => {
    const up = x.slice()
    const down = x.slice()
    up[k] = (up[k] ?? 0) + h
    down[k] = (down[k] ?? 0) - h
    return (f(up) - f(down)) / (2 * h)
  })
}
