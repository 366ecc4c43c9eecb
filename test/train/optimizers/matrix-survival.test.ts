import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { leaf } from '../../../src/engine/fusion/expression.ts'
import { mapExpressions } from '../../../src/engine/fusion/realize.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { adafactor } from '../../../src/train/optimizers/adafactor.ts'
import { applyGradients, startOptimizer } from '../../../src/train/optimizers/apply-gradients.ts'
import { ftrl } from '../../../src/train/optimizers/ftrl.ts'
import { groupAdam } from '../../../src/train/optimizers/group-adam.ts'
import { groupFtrl } from '../../../src/train/optimizers/group-ftrl.ts'
import { muon } from '../../../src/train/optimizers/muon.ts'
import type { Optimized } from '../../../src/train/optimizers/optimized.ts'
import { shampoo } from '../../../src/train/optimizers/shampoo.ts'
import { soap } from '../../../src/train/optimizers/soap.ts'
import { sparseGroupFtrl } from '../../../src/train/optimizers/sparse-group-ftrl.ts'
import { descend, numbersIn, tensorOf, type Values } from './descend.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

const ROLES = ['bias', 'kernel', 'kernel', 'embedding', 'scale'] as const
const START: Values[] = [
  [1, -2, 0.5],
  [[0.1, 0.2, 0.3]],
  [
    [0.1, 0.2],
    [0.3, -0.4],
    [1, 2],
  ],
  [
    [1, 2],
    [3, 4],
  ],
  0.7,
]
const random = createRandom(1, 0, 'gradients')
const like = (values: Values): Values =>
  typeof values === 'number'
    ? random.normal()
    : values.map((row) => (typeof row === 'number' ? random.normal() : row.map(() => random.normal())))
const GRADIENTS = Array.from({ length: 12 }, () => START.map(like))

describe.each([
  ['adafactor', adafactor({ minimumSize: 2, momentum: 0.5 })],
  ['ftrl', ftrl({ learningRate: 0.1, l1: 0.01 })],
  ['groupAdam', groupAdam({ learningRate: 0.1, l21: 0.01 })],
  ['groupFtrl', groupFtrl({ learningRate: 0.1, l21: 0.01 })],
  ['sparseGroupFtrl', sparseGroupFtrl({ learningRate: 0.1, l1: 0.01, l21: 0.01 })],
  ['muon', muon({ learningRate: 0.1, weightDecay: 0.1 })],
  ['shampoo', shampoo({ learningRate: 0.1, interval: 5 })],
  ['shampoo of diagonals', shampoo({ learningRate: 0.1, decay: 0.9, maximumSize: 2, graft: false })],
  ['soap', soap({ learningRate: 0.1, interval: 4, maximumSize: 2 })],
] as const)('%s', (_name, optimizer) => {
  const walk = () => descend(tf, optimizer, START, (_, step) => GRADIENTS[step] ?? START, 12, ROLES).path

  test('moves parameters of every role and shape, and leaves no tensors behind', () => {
    const before = tf.memory().numTensors
    const end = walk().at(-1)?.flat() ?? []
    expect(tf.memory().numTensors).toBe(before)
    expect(end.every(Number.isFinite)).toBe(true)
    for (const [i, value] of START.flat(2).entries()) expect(end[i]).not.toBe(Math.fround(value))
  })

  test('goes on from a copy of its state', () => {
    const expected = walk().at(-1)
    tf.tidy(() => {
      const tensors = START.map((values) => tensorOf(tf, values))
      const about = tensors.map(({ shape }, i) => ({ name: `p${i}`, role: ROLES[i] ?? 'bias', shape }))
      let optimized: Optimized = startOptimizer(tf, optimizer, tensors, about)
      for (const [step, gradients] of GRADIENTS.entries()) {
        if (step === 6) optimized = { ...optimized, state: copyOf(optimized.state) }
        optimized = applyGradients(
          tf,
          optimizer,
          optimized,
          gradients.map((values) => tensorOf(tf, values)),
        )
      }
      expect(numbersIn(optimized.params)).toEqual(expected)
    })
  })
})

test.each([
  [
    'adafactor',
    adafactor({ learningRate: 0.1, minimumSize: 2, clip: Number.POSITIVE_INFINITY, scaleByParameter: false }),
  ],
  ['ftrl', ftrl({ learningRate: 0.1, l1: 0.01 })],
  ['groupAdam', groupAdam({ learningRate: 0.1, l21: 0.01 })],
  ['sparseGroupFtrl', sparseGroupFtrl({ learningRate: 0.1, l1: 0.01, l21: 0.01 })],
  ['muon', muon({ learningRate: 0.1 })],
  ['shampoo', shampoo({ learningRate: 0.1, momentum: 0 })],
  ['soap', soap({ learningRate: 0.1 })],
] as const)('%s treats the touched rows of a table as if there were no others', (_name, optimizer) => {
  const table = { name: 'table', role: 'embedding' } as const
  const start = [
    [1, 2],
    [3, 4],
    [5, 6],
  ]
  const gradients = [1, 2, 3].map((seed) => tensorOf(tf, [[seed, -0.5]]))
  const walk = (rows: number[][], touched?: number) => {
    let optimized = startOptimizer(tf, optimizer, [tensorOf(tf, rows)], [{ ...table, shape: [rows.length, 2] }])
    const options = touched === undefined ? {} : { touched: new Map([[0, { ids: tf.tensor1d([touched], 'int32') }]]) }
    for (const gradient of gradients) optimized = applyGradients(tf, optimizer, optimized, [gradient], options)
    return numbersIn(optimized.params)[0]
  }
  expect(walk(start, 1)).toEqual([1, 2, ...(walk([[3, 4]]) ?? []), 5, 6])
})

/** Of the numbers alone. */
function copyOf(state: Optimized['state']): Optimized['state'] {
  return mapExpressions(state, ({ node, shape }) => {
    if (node.kind !== 'tensor') throw new Error('a state holds what is not computed')
    return leaf(tf.tensor(node.tensor.dataSync().slice(), [...shape]))
  })
}
