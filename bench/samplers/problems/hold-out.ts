import { createRandom } from '../../../src/numerics/random.ts'
import { bool, choice, float, int } from '../../../src/space/domain.ts'
import { onCube, type Problem, problem } from './problem.ts'

/*
 * Problems that no constant of a sampler was chosen by: they say whether what holds on the others holds elsewhere. Least
 * values are 0, or the literature's.
 */

const { PI: pi, cos, sin, exp, sqrt, abs, log10, log2 } = Math
const log = { scale: 'log' } as const

/** Many shallow wells on a wide bowl. */
function griewank(u: number[]): number {
  const x = u.map((value, i) => 120 * (value - 0.37 - 0.04 * i))
  const waves = x.reduce((product, value, i) => product * cos(value / sqrt(i + 1)), 1)
  return 1 + sum(x, (value) => value ** 2) / 4000 - waves
}

/** Steep valleys in a plain, of steepness 10. */
function michalewicz(u: number[]): number {
  return -sum(u, (value, i) => sin(pi * value) * sin(((i + 1) * (pi * value) ** 2) / pi) ** 20)
}

/** Axes of lengths 1 to 1000, in no direction that a parameter has. */
function rotatedEllipsoid(dimensions: number): (u: number[]) => number {
  const rotation = orthogonal(dimensions)
  return (u) =>
    sum(rotation, (axis, i) => 10 ** ((3 * i) / (dimensions - 1)) * sum(axis, (c, j) => c * (at(u, j) - 0.6)) ** 2)
}

/** A cosine on a bowl: wells a ninth of the range apart. */
function rastrigin(u: number[]): number {
  return sum(u, (value) => {
    const x = 9 * (value - 0.43)
    return x ** 2 + 3 * (1 - cos(2 * pi * x))
  })
}

/** Two best places and four worse ones. */
function sixHumpCamel([u = 0, v = 0]: number[]): number {
  const x = 4 * u - 2
  const y = 2 * v - 1
  return (4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (-4 + 4 * y ** 2) * y ** 2
}

/** Ten holes, Shekel's. */
function shekel(u: number[]): number {
  return -sum(HOLES, ([width, ...place]) => 1 / (width + sum(u, (value, j) => (10 * value - at(place, j)) ** 2)))
}

/** Width and place. */
const HOLES: readonly (readonly [number, number, number, number, number])[] = [
  [0.1, 4, 4, 4, 4],
  [0.2, 1, 1, 1, 1],
  [0.2, 8, 8, 8, 8],
  [0.4, 6, 6, 6, 6],
  [0.4, 3, 7, 3, 7],
  [0.6, 2, 9, 2, 9],
  [0.3, 5, 5, 3, 3],
  [0.7, 8, 1, 8, 1],
  [0.5, 6, 2, 6, 2],
  [0.5, 7, 3.6, 7, 3.6],
]

/** Of 12 parameters only three matter, on scales that differ: most tuning is like that. */
function sparse(u: number[]): number {
  const [a, b, c] = [at(u, 2), at(u, 5), at(u, 9)]
  return abs(a - 0.31) + 4 * (b - 0.72 + 0.3 * (a - 0.31)) ** 2 + 0.2 * (1 - exp(-30 * (c - 0.55) ** 2))
}

/** Boosted trees: a small rate wants many of them, deep ones want few leaves; a plateau once there are enough. */
const boosting = problem({
  name: 'boosting',
  space: {
    learningRate: float(1e-3, 1, log),
    trees: int(10, 2000, log),
    depth: int(1, 14),
    minLeaf: int(1, 200, log),
    subsample: float(0.3, 1),
    columns: float(0.2, 1),
    lambda: float(1e-4, 100, log),
  },
  best: 0,
  value({ learningRate, trees, depth, minLeaf, subsample, columns, lambda }) {
    const work = log10(learningRate * trees) - 1
    const complexity = depth - 6 - 2 * (log10(minLeaf) - 1.3)
    return (
      (work < 0 ? 0.3 * work ** 2 : 0.08 * work ** 2) +
      0.02 * (log10(learningRate) + 2) ** 2 +
      0.008 * complexity ** 2 +
      0.003 * (depth - 6) ** 2 +
      0.1 * (subsample - 0.8) ** 2 +
      0.1 * (columns - 0.6) ** 2 +
      0.005 * (log10(lambda) - 0.3) ** 2
    )
  },
})

/** Two models with nothing in common but the dropout, of which the one that is good more easily is the worse one. */
const twoModels = problem({
  name: 'twoModels',
  space: {
    model: choice({
      linear: { l2: float(1e-6, 10, log), bias: bool() },
      network: {
        learningRate: float(1e-5, 1, log),
        layers: int(1, 6),
        width: int(16, 1024, log),
        activation: choice(['relu', 'tanh', 'gelu']),
      },
    }),
    dropout: float(0, 0.8),
  },
  best: 0,
  noise: 0.002,
  infeasible: true,
  value({ model, dropout }) {
    const lost = 0.5 * (dropout - 0.2) ** 2
    if (model.kind === 'linear') return 0.15 + lost + 0.004 * (log10(model.l2) + 2) ** 2 + (model.bias ? 0 : 0.02)
    const { learningRate, layers, width, activation } = model
    const step = log10(learningRate) + 3 + 0.15 * (layers - 3)
    if (step > 1.2) return Number.NaN
    const f = 0.5 * step ** 2 + 0.05 * (layers - 3) ** 2 + 0.03 * log2(width / 128) ** 2
    return lost + 1 - exp(-f - { relu: 0.01, tanh: 0.05, gelu: 0 }[activation])
  },
})

export const HOLD_OUT: readonly Problem[] = [
  onCube('griewank6', 6, griewank),
  onCube('michalewicz5', 5, michalewicz, -4.687658179),
  onCube('ellipsoid6', 6, rotatedEllipsoid(6)),
  onCube('rastrigin4', 4, rastrigin),
  onCube('camel2', 2, sixHumpCamel, -1.031628453489877),
  onCube('shekel4', 4, shekel, -10.536409816692),
  onCube('sparse12', 12, sparse),
  boosting,
  twoModels,
]

/** Rows at right angles to each other and of length one: normal numbers, by Gram and Schmidt. */
function orthogonal(dimensions: number): number[][] {
  const { normal } = createRandom(1, 0, 'bench/rotation')
  const rows: number[][] = []
  for (let i = 0; i < dimensions; i++) {
    let row = Array.from({ length: dimensions }, normal)
    for (const other of rows) {
      const along = sum(row, (value, j) => value * at(other, j))
      row = row.map((value, j) => value - along * at(other, j))
    }
    const length = sqrt(sum(row, (value) => value ** 2))
    rows.push(row.map((value) => value / length))
  }
  return rows
}

function sum<T>(values: readonly T[], term: (value: T, index: number) => number): number {
  return values.reduce((total, value, index) => total + term(value, index), 0)
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Number.NaN
}
