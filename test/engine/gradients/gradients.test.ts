import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

type Operation = (...operands: Tensor[]) => Tensor

function normal(shape: readonly number[], seed: number): Tensor {
  const random = createRandom(seed, 0, 'gradients')
  return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, random.normal), [...shape])
}

/** Holds the gradients of a weighted sum of the output to central differences. */
function expectGradients(operation: Operation, shapes: readonly (readonly number[])[]): void {
  const operands = shapes.map((shape, i) => normal(shape, i))
  const weights = normal(operation(...operands).shape, 99)
  const loss: Operation = (...inputs) => tf.sum(tf.mul(operation(...inputs), weights))
  const gradients = tf.grads(loss)(operands)
  const h = 1e-2
  for (const [k, operand] of operands.entries()) {
    const values = operand.dataSync()
    const actual = gradients[k]?.dataSync() ?? []
    expect(gradients[k]?.shape).toEqual(operand.shape)
    for (const [i, value] of values.entries()) {
      const at = (moved: number) => {
        const other = tf.tensor(Float32Array.from(values).with(i, moved), operand.shape)
        return loss(...operands.with(k, other)).dataSync()[0] ?? Number.NaN
      }
      expect(actual[i]).toBeCloseTo((at(value + h) - at(value - h)) / (2 * h), 2)
    }
  }
}

describe('operands that broadcast get the sum of what went to their copies', () => {
  test.each([
    [
      [2, 3, 4],
      [1, 4, 5],
    ],
    [
      [3, 4],
      [2, 4, 5],
    ],
    [
      [2, 2, 3, 4],
      [4, 5],
    ],
    [
      [1, 3, 4],
      [2, 4, 5],
    ],
  ])('matMul %o %o', (a, b) => expectGradients((x, y) => tf.matMul(x, y), [a, b]))

  test.each([
    [[2, 3], [3]],
    [
      [2, 1],
      [1, 3],
    ],
    [[], [2, 2]],
    [
      [2, 3],
      [2, 3],
    ],
  ])('maximum, minimum, squaredDifference %o %o', (a, b) => {
    for (const operation of [tf.maximum, tf.minimum, tf.squaredDifference]) expectGradients(operation, [a, b])
  })
})

test.each([
  ['ij,jk->ik', [2, 3], [3, 4]],
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 2]],
  ['bij,bkj->ikb', [2, 3, 4], [2, 2, 4]],
  ['ij,ij->', [2, 3], [2, 3]],
  ['ij,ij->ij', [2, 3], [2, 3]],
  ['i,j->ij', [3], [2]],
  ['ij,k->i', [2, 3], [4]],
  ['ij->ji', [2, 3]],
  ['ij->i', [2, 3]],
  ['ij->', [2, 3]],
  ['ij,jk->', [2, 3], [3, 2]],
] as [string, ...number[][]][])('einsum %s', (equation, ...shapes) => {
  expectGradients((...operands) => tf.einsum(equation, ...operands), shapes)
})

test('top-k, of vectors and of rows', () => {
  for (const shape of [[7], [3, 5], [2, 2, 4]]) expectGradients((x) => tf.topk(x, 3).values, [shape])
})

test('gatherND, of the same place several times too, and scatterND', () => {
  const indices = tf.tensor2d(
    [
      [0, 1],
      [2, 0],
      [0, 1],
    ],
    [3, 2],
    'int32',
  )
  expectGradients((x) => tf.gatherND(x, indices), [[3, 2]])
  expectGradients((x) => tf.gatherND(x, indices), [[3, 2, 4]])
  expectGradients((x) => tf.scatterND(indices, x, [3, 2]), [[3]])
})

test('batch norm, over channels and element by element', () => {
  for (const shape of [[3], [2, 2, 2, 3]]) {
    expectGradients(
      (x, mean, spread, offset, scale) =>
        tf.batchNorm(x.as4D(2, 2, 2, 3), mean, tf.add(tf.square(spread), 0.5), offset, scale, 1e-3),
      [[2, 2, 2, 3], shape, shape, shape, shape],
    )
  }
})

test('second derivatives go through them', () => {
  const x = normal([2, 3], 1)
  const quartic = (y: Tensor) => tf.sum(tf.square(tf.einsum('ij,kj->ik', y, y)))
  const slope = (y: Tensor) => tf.sum(tf.mul(tf.grad(quartic)(y), x))
  // Of degree four: the gradient is of degree three, so its derivative along x is three times itself.
  const [first, second] = [tf.grad(quartic)(x).dataSync(), tf.grad(slope)(x).dataSync()]
  for (const [i, value] of first.entries()) expect(second[i]).toBeCloseTo(4 * value, 1)
})
