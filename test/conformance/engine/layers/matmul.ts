import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../../src/study/engine.ts'
import { floats, given } from '../draw.ts'
import { type LayerCase, layer } from '../layer-case.ts'

const transposes = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const

interface Product {
  readonly batchA?: readonly number[]
  readonly batchB?: readonly number[]
  /** Rows, the length that is summed over, columns. */
  readonly size: readonly [number, number, number]
}

const products: Product[] = [
  { size: [5, 7, 4] },
  { size: [8, 8, 8] },
  { size: [1, 6, 5] },
  { size: [6, 1, 5] },
  { size: [6, 5, 1] },
  { size: [1, 1, 1] },
  { size: [1, 9, 1] },
  // Larger than one block of any kernel, and a whole number of none.
  { size: [70, 300, 130] },
  { batchA: [3], batchB: [3], size: [5, 7, 4] },
  { batchA: [1], batchB: [1], size: [4, 4, 4] },
  { batchA: [2, 3], batchB: [2, 3], size: [3, 5, 2] },
  { batchA: [2, 1, 2], batchB: [2, 1, 2], size: [2, 3, 4] },
]

const broadcast: Product[] = [
  { batchA: [2], batchB: [1], size: [3, 4, 5] },
  { batchA: [1], batchB: [2], size: [3, 4, 5] },
  { batchA: [2, 3], batchB: [1, 1], size: [3, 4, 2] },
  { batchA: [2, 1], batchB: [1, 3], size: [3, 4, 2] },
  { batchA: [2, 3], batchB: [2, 1], size: [2, 3, 1] },
  { batchA: [3], batchB: [2, 3], size: [1, 2, 3] },
  { batchA: [], batchB: [3], size: [3, 4, 2] },
  { batchA: [2], batchB: [], size: [1, 4, 5] },
]

function productCases({ batchA = [], batchB = [], size: [m, k, n] }: Product) {
  return transposes.map(([transposeA, transposeB]): LayerCase => {
    const a = [...batchA, ...(transposeA ? [k, m] : [m, k])]
    const b = [...batchB, ...(transposeB ? [n, k] : [k, n])]
    const written = (shape: readonly number[], transposed: boolean) => `[${shape}]${transposed ? 'ᵀ' : ''}`
    return layer(
      `${written(a, transposeA)} · ${written(b, transposeB)}`,
      { a: floats(a), b: floats(b) },
      (tf, inputs) => tf.matMul(inputs.a, inputs.b, transposeA, transposeB),
    )
  })
}

/** One tensor of the gradients of a sum of cubes, whose own gradients are second derivatives. */
function slope(tf: Tf, f: (a: Tensor, b: Tensor) => Tensor, a: Tensor, b: Tensor): Tensor {
  const cubes = (x: Tensor, y: Tensor) => tf.sum(tf.pow(f(x, y), 3))
  return tf.concat(
    tf
      .grads(cubes)([a, b])
      .map((gradient) => tf.reshape(gradient, [-1])),
  )
}

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
const spoilt = given(1, nan, 3, 4, 5, 6, infinity, 8, 9, 0, -infinity, 2)

export const matmul = [
  ...products.flatMap(productCases),
  ...broadcast.flatMap(productCases),
  ...transposes.map(([transposeA, transposeB]) =>
    layer(
      `second derivatives${transposeA ? ', first transposed' : ''}${transposeB ? ', second transposed' : ''}`,
      { a: floats(transposeA ? [4, 3] : [3, 4]), b: floats(transposeB ? [2, 4] : [4, 2]) },
      (tf, { a, b }) => slope(tf, (x, y) => tf.matMul(x, y, transposeA, transposeB), a, b),
    ),
  ),
  layer('a vector by a matrix', { a: floats([5]), b: floats([5, 3]) }, (tf, { a, b }) => tf.dot(a, b)),
  layer('two vectors', { a: floats([11]), b: floats([11]) }, (tf, { a, b }) => tf.dot(a, b)),
  layer('outer product', { a: floats([5]), b: floats([3]) }, (tf, { a, b }) => tf.outerProduct(a, b)),
  ...transposes.map(([transposeA, transposeB]) =>
    layer(
      `not-a-number and infinity get through${transposeA ? ', first transposed' : ''}${transposeB ? ', second transposed' : ''}`,
      { a: floats(transposeA ? [4, 3] : [3, 4], spoilt), b: floats(transposeB ? [2, 4] : [4, 2]) },
      (tf, { a, b }) => tf.matMul(a, b, transposeA, transposeB),
      { rough: true },
    ),
  ),
  // A zero does not swallow what it is multiplied with.
  layer(
    'zero times infinity',
    { a: floats([2, 2], given(0, 1, 0, 0)), b: floats([2, 1], given(infinity, 1)) },
    (tf, x) => tf.matMul(x.a, x.b),
    { rough: true },
  ),
]
