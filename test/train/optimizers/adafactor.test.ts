import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { tensorsIn } from '../../../src/engine/fusion/realize.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { adafactor, relativeStep } from '../../../src/train/optimizers/adafactor.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { applyGradients, startOptimizer } from '../../../src/train/optimizers/apply-gradients.ts'
import { scaleByFactoredRms } from '../../../src/train/optimizers/parts/matrix-factored-rms.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'
import type { Role } from '../../../src/train/parameter.ts'
import reference from '../../fixtures/train/optimizers.json' with { type: 'json' }
import { thrownBy } from '../../helpers/errors.ts'
import { descend, type Values } from './descend.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

function expectClose(actual: readonly number[] | undefined, expected: readonly number[], digits = 6): void {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(actual?.[i]).toBeCloseTo(value, digits)
}

/** What one step of a transformation is for these gradients, and the lengths of the tensors in its state. */
function once(optimizer: Transformation, start: Values, gradient: Values, role: Role = 'kernel') {
  const { path, states } = descend(tf, optimizer, [start], () => [gradient], 1, [role])
  return { after: path[0]?.[0] ?? [], lengths: states[0]?.map(({ length }) => length) }
}

const zeros = (rows: number, columns: number) => Array.from({ length: rows }, () => new Array<number>(columns).fill(0))

test('thirty steps follow optax', () => {
  const row = reference.optimizers.find(({ name }) => name === 'adafactor')
  const { w, b } = reference.params0
  const gradients = (_: unknown, step: number) => [reference.grads[step]?.w ?? w, reference.grads[step]?.b ?? b]
  const { path } = descend(tf, adafactor({ learningRate: 0.01, minimumSize: 2 }), [w, b], gradients, 30)
  expect(row?.params).toHaveLength(7)
  for (const { step, w, b } of row?.params ?? []) expectClose(path[step - 1]?.flat(), [...w.flat(), ...b], 5)
})

describe('the means of squares', () => {
  test('are a row and a column of a matrix that is large enough', () => {
    expect(once(scaleByFactoredRms(), zeros(128, 130), zeros(128, 130)).lengths).toEqual([128, 130])
    expect(once(scaleByFactoredRms(), zeros(127, 130), zeros(127, 130)).lengths).toEqual([127 * 130])
  })

  test('take far less memory than those of Adam', () => {
    const count = (optimizer: Transformation) =>
      once(optimizer, zeros(128, 256), zeros(128, 256)).lengths?.reduce((sum, length) => sum + length, 0)
    expect(count(adam({ learningRate: 0.1 }))).toBe(2 * 128 * 256)
    expect(count(adafactor())).toBe(128 + 256)
  })

  test('of a table are factored however few rows there are, by width', () => {
    expect(once(scaleByFactoredRms({ minimumSize: 3 }), zeros(2, 3), zeros(2, 3), 'embedding').lengths).toEqual([3, 2])
    expect(once(scaleByFactoredRms({ minimumSize: 4 }), zeros(9, 3), zeros(9, 3), 'embedding').lengths).toEqual([27])
  })

  test('give the sign of a gradient whose squares are a product of rows and columns', () => {
    const [r, c] = [
      [1, -2],
      [3, 0.5, -1],
    ]
    const gradient = r.map((x) => c.map((y) => x * y))
    const { after } = once(scaleByFactoredRms({ minimumSize: 2 }), zeros(2, 3), gradient)
    expectClose(
      after,
      gradient.flat().map((value) => Math.sign(value)),
    )
  })

  test('forget as 1 - t^-c', () => {
    // s: 1, then 2^-0.5 · 4 + (1 - 2^-0.5) · 1.
    const { path } = descend(
      tf,
      scaleByFactoredRms({ decayExponent: 0.5 }),
      [[0]],
      (_, step) => [[step === 0 ? 1 : 2]],
      2,
    )
    const share = 2 ** -0.5
    expectClose(path.flat(2), [1, 1 + 2 / Math.sqrt(4 * share + 1 - share)])
  })
})

test('a kernel with three axes is factored along the two longest, for each index of the third', () => {
  tf.tidy(() => {
    const factored = scaleByFactoredRms({ minimumSize: 3 })
    const updateOf = (gradient: Tensor) => {
      const before = startOptimizer(tf, factored, [tf.zerosLike(gradient)])
      const after = applyGradients(tf, factored, before, [gradient])
      return { update: after.params[0] ?? gradient, lengths: tensorsIn(after.state).map(({ size }) => size) }
    }
    const gradient = tf.randomNormal([3, 2, 4], 0, 1, 'float32', 7)
    const matrices = tf.unstack(gradient, 1).map((matrix) => updateOf(matrix).update)
    const { update, lengths } = updateOf(gradient)
    expect(lengths).toEqual([6, 8])
    expectClose([...update.dataSync()], [...tf.stack(matrices, 1).dataSync()])
  })
})

describe('steps', () => {
  // Of a first step, u is the sign of the gradient, root mean square 1.
  test('are in proportion to the parameter, and not below 1e-3 of the rate', () => {
    const size = Math.sqrt((9 + 16) / 2)
    expectClose(once(adafactor({ learningRate: 0.1 }), [3, 4], [1, -2]).after, [3 - 0.1 * size, 4 + 0.1 * size])
    expectClose(once(adafactor({ learningRate: 0.1 }), [0, 0], [1, -2]).after, [-1e-4, 1e-4])
    const absolute = adafactor({ learningRate: 0.1, scaleByParameter: false })
    expectClose(once(absolute, [3, 4], [1, -2]).after, [2.9, 4.1])
  })

  test('are clipped to a root mean square', () => {
    const config = { learningRate: 1, scaleByParameter: false }
    expectClose(once(adafactor({ ...config, clip: 0.25 }), [0, 0], [1, -2]).after, [-0.25, 0.25])
    // The second gradient is larger than all before.
    const walk = (clip: number) =>
      descend(tf, adafactor({ ...config, clip }), [[0]], (_, step) => [[step === 0 ? 1 : 10]], 2).path.flat(2)
    const share = 2 ** -0.8
    expectClose(walk(Number.POSITIVE_INFINITY), [-1, -1 - 10 / Math.sqrt(1 - share + 100 * share)], 5)
    expectClose(walk(1), [-1, -2])
  })

  test('shrink as 1/√t by themselves, from at most 1e-2', () => {
    const rate = relativeStep()
    expect([0, 9998, 9999, 39_999].map(rate)).toEqual([0.01, 0.01, 0.01, 0.005])
    expect([0, 3, 99].map(relativeStep(0.3))).toEqual([0.3, 0.3, 0.1])
    expectClose(once(adafactor(), [1, 1], [1, -2]).after, [0.99, 1.01])
  })

  test('may have momentum, and decay weights', () => {
    const config = { learningRate: 0.1, scaleByParameter: false }
    const { path } = descend(tf, adafactor({ ...config, momentum: 0.5 }), [[0]], () => [[1]], 2)
    expectClose(path.flat(2), [-0.05, -0.05 - 0.075])
    expectClose(once(adafactor({ ...config, weightDecay: 0.5 }), [[2, 4]], [[1, 1]]).after, [1.8, 3.7])
  })
})

describe('converges', () => {
  // To zero in a straight line: a step has the size of the rate.
  const sinking = (rate: number, steps: number) => (step: number) => rate * (1 - step / steps)

  test('on a parabola', () => {
    const minimum = [1, -1, 2]
    const gradients = ([x = []]: number[][]) => [x.map((value, i) => 2 * (value - (minimum[i] ?? 0)))]
    const { path } = descend(tf, adafactor({ learningRate: sinking(0.2, 300) }), [[-1, 5, 1]], gradients, 300)
    expectClose(path.at(-1)?.[0], minimum, 1)
  })

  test('on Rosenbrock, and leaves no tensors behind', () => {
    const before = tf.memory().numTensors
    const gradients = ([[x = 0, y = 0] = []]: number[][]) => [
      [[-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]],
    ]
    const optimizer = adafactor({ learningRate: sinking(0.02, 4000), minimumSize: 1 })
    const { path } = descend(tf, optimizer, [[[-1, 1]]], gradients, 4000)
    const [x = 0, y = 0] = path.at(-1)?.[0] ?? []
    expect(100 * (y - x * x) ** 2 + (1 - x) ** 2).toBeLessThan(2e-3)
    expect(tf.memory().numTensors).toBe(before)
  })
})

test.each([
  ['clip', { clip: 0 }],
  ['momentum', { momentum: 1 }],
  ['decayExponent', { decayExponent: 0 }],
  ['minimumSize', { minimumSize: 0.5 }],
  ['epsilon', { epsilon: -1 }],
])('refuses a bad %s', (name, config) => {
  const error = thrownBy(() => adafactor(config))
  expect(error.code).toBe('optimizer.invalid')
  expect(error.path).toBe(`adafactor.${name}`)
})
