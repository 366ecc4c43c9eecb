import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { Expression, leaf } from '../../../src/engine/fusion/expression.ts'
import { type Tree, tensorsIn } from '../../../src/engine/fusion/realize.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { applyGradients, startOptimizer } from '../../../src/train/optimizers/apply-gradients.ts'
import { chain } from '../../../src/train/optimizers/chain.ts'
import { lookahead } from '../../../src/train/optimizers/lookahead.ts'
import type { Optimized } from '../../../src/train/optimizers/optimized.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'
import { accumulateGradients } from '../../../src/train/optimizers/transformations/accumulate.ts'
import { clipAdaptively } from '../../../src/train/optimizers/transformations/adaptive-clip.ts'
import { averageWeights } from '../../../src/train/optimizers/transformations/average-weights.ts'
import { clipByGlobalNorm, clipByNorm } from '../../../src/train/optimizers/transformations/clip.ts'
import { masked } from '../../../src/train/optimizers/transformations/partition.ts'
import { descend, numbersIn, tensorOf } from './descend.ts'
import { cases } from './table.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

/** The optimizer inside of everything else there is. */
function wrapped(optimizer: Transformation): Transformation {
  const clipped = chain(clipByGlobalNorm(3), clipByNorm(2), clipAdaptively({ ratio: 1 }), optimizer)
  return chain(
    accumulateGradients(
      2,
      lookahead(
        masked(clipped, () => true),
        { period: 2 },
      ),
    ),
    averageWeights(0.5),
  )
}

const all = cases.flatMap(({ name, forRosenbrock }) => [
  { name, optimizer: forRosenbrock },
  { name: `${name}, wrapped`, optimizer: wrapped(forRosenbrock) },
])

const START = [
  [1, -2, 0.5],
  [
    [0.1, 0.2],
    [0.3, -0.4],
  ],
  0.7,
]
const random = createRandom(1, 0, 'gradients')
const GRADIENTS = Array.from({ length: 8 }, () => [
  [random.normal(), random.normal(), random.normal()],
  [
    [random.normal(), random.normal()],
    [random.normal(), random.normal()],
  ],
  random.normal(),
])
const gradientsAt = (_params: number[][], step: number) => GRADIENTS[step] ?? []

describe.each(all)('$name', ({ optimizer }) => {
  test('moves vectors, matrices and scalars, and leaves no tensors behind', () => {
    const before = tf.memory().numTensors
    const { path } = descend(tf, optimizer, START, gradientsAt, 8)
    expect(tf.memory().numTensors).toBe(before)
    const start = START.flat(2)
    expect(path.flat(2)).toHaveLength(8 * start.length)
    expect(path.flat(2).every(Number.isFinite)).toBe(true)
    // Steps of equal size may lead back.
    for (const [i, value] of start.entries())
      expect(path.some((params) => params.flat()[i] !== Math.fround(value))).toBe(true)
  })

  test('shares no tensor of its state with parameters or gradients, which are disposed without it', () => {
    tf.tidy(() => {
      let optimized = startOptimizer(
        tf,
        optimizer,
        START.map((values) => tensorOf(tf, values)),
      )
      for (let i = 0; i < 4; i++) {
        const gradients = gradientsAt([], i).map((values) => tensorOf(tf, values))
        const others = new Set([...optimized.params, ...gradients])
        expect(tensorsIn(optimized.state).filter((tensor) => others.has(tensor))).toEqual([])
        optimized = applyGradients(tf, optimizer, optimized, gradients)
        expect(tensorsIn(optimized.state).filter((tensor) => others.has(tensor))).toEqual([])
      }
    })
  })

  test('stays where all gradients are zero', () => {
    const start = [[1, -2, 0], 0.5]
    const { path, evaluated } = descend(tf, optimizer, start, () => [[0, 0, 0], 0], 5)
    for (const params of [path.at(-1), evaluated.at(-1)])
      for (const [i, value] of start.flat().entries()) expect(params?.flat()[i]).toBeCloseTo(value, 5)
  })

  test('goes on from a state that was stored', () => {
    const { path } = descend(tf, optimizer, START, gradientsAt, 8)
    const step = (optimized: Optimized, i: number) =>
      applyGradients(
        tf,
        optimizer,
        optimized,
        gradientsAt([], i).map((values) => tensorOf(tf, values)),
      )
    tf.tidy(() => {
      let optimized = startOptimizer(
        tf,
        optimizer,
        START.map((values) => tensorOf(tf, values)),
      )
      for (let i = 0; i < 3; i++) optimized = step(optimized, i)
      const params = optimized.params.map((tensor) => tf.tensor(tensor.dataSync().slice(), tensor.shape))
      optimized = { ...optimized, params, state: restore(JSON.parse(JSON.stringify(store(optimized.state)))) }
      for (let i = 3; i < 8; i++) optimized = step(optimized, i)
      expect(numbersIn(optimized.params)).toEqual(path.at(-1))
    })
  })
})

type Stored = number | { shape: readonly number[]; values: number[] } | Stored[] | { branches: [string, Stored][] }

function store(tree: Tree): Stored {
  if (typeof tree === 'number') return tree
  if (tree instanceof Expression) {
    const { node, shape } = tree
    if (node.kind !== 'tensor') throw new Error('a state holds what is not computed')
    return { shape, values: [...node.tensor.dataSync()] }
  }
  if (Array.isArray(tree)) return tree.map(store)
  return { branches: Object.entries(tree).map(([name, branch]) => [name, store(branch)]) }
}

function restore(stored: Stored): Tree {
  if (typeof stored === 'number') return stored
  if (Array.isArray(stored)) return stored.map(restore)
  if ('values' in stored) return leaf(tf.tensor(stored.values, [...stored.shape]))
  return Object.fromEntries(stored.branches.map(([name, branch]) => [name, restore(branch)]))
}
