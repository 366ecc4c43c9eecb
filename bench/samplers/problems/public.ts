import { onCube, type Problem } from './problem.ts'

/*
 * Closed forms of the literature on the unit cube, with least value 0; their definitions are those that the stored results
 * of Optuna were made with, constants included, so that the two can be held side by side.
 */

const { PI: pi, E: e, cos, sin, exp, sqrt } = Math

const A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
]
const P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]
const C = [1, 1.2, 3, 3.2]

function branin([u = 0, v = 0]: number[]): number {
  const x = -5 + 15 * u
  const y = 15 * v
  const ridge = y - (5.1 / (4 * pi * pi)) * x * x + (5 / pi) * x - 6
  return ridge ** 2 + 10 * (1 - 1 / (8 * pi)) * cos(x) + 10 - 0.39788735772973816
}

function hartmann6(u: number[]): number {
  const wells = C.map((depth, i) => depth * exp(-sum(u, (x, j) => at(A[i], j) * (x - at(P[i], j)) ** 2)))
  return 3.32236801141551 - sum(wells, (well) => well)
}

/** Off the middle, so that a first trial there is no luck. */
function ackley(u: number[]): number {
  const x = u.map((value) => value * 65.536 - 32.768 + 3.7)
  const radius = sqrt(sum(x, (value) => value ** 2) / x.length)
  const waves = sum(x, (value) => cos(2 * pi * value)) / x.length
  return -20 * exp(-0.2 * radius) - exp(waves) + 20 + e
}

function levy(u: number[]): number {
  const w = u.map((value) => 1 + (value * 20 - 10 - 1) / 4)
  const last = at(w, w.length - 1)
  return (
    sin(pi * at(w, 0)) ** 2 +
    sum(w.slice(0, -1), (value) => (value - 1) ** 2 * (1 + 10 * sin(pi * value + 1) ** 2)) +
    (last - 1) ** 2 * (1 + sin(2 * pi * last) ** 2)
  )
}

function rosenbrock(u: number[]): number {
  const x = u.map((value) => value * 4 - 2)
  return sum(x.slice(0, -1), (value, i) => 100 * (at(x, i + 1) - value ** 2) ** 2 + (1 - value) ** 2)
}

function styblinski(u: number[]): number {
  return sum(u, (value) => {
    const x = value * 10 - 5
    return (x ** 4 - 16 * x ** 2 + 5 * x) / 2 + 39.16616570377142
  })
}

export const PUBLIC: readonly Problem[] = [
  onCube('branin2', 2, branin),
  onCube('hartmann6', 6, hartmann6),
  onCube('ackley5', 5, ackley),
  onCube('levy8', 8, levy),
  onCube('rosenbrock5', 5, rosenbrock),
  onCube('styblinski6', 6, styblinski),
]

function sum(values: readonly number[], term: (value: number, index: number) => number): number {
  return values.reduce((total, value, index) => total + term(value, index), 0)
}

function at(values: readonly number[] | undefined, index: number): number {
  return values?.[index] ?? Number.NaN
}
