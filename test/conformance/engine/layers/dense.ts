import type { fused } from '@tensorflow/tfjs-core'
import { floats, positive } from '../draw.ts'
import { layer } from '../layer-case.ts'

const plain = [
  [5, 7, 4],
  [1, 3, 4],
  [8, 16, 8],
  [33, 1, 5],
] as const

const activations: fused.Activation[] = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu']

export const dense = [
  ...plain.map(([rows, inputs, units]) =>
    layer(
      `dense, ${rows} rows, ${inputs} to ${units}`,
      { x: floats([rows, inputs]), kernel: floats([inputs, units]), bias: floats([units]) },
      (tf, { x, kernel, bias }) => tf.add(tf.matMul(x, kernel), bias),
    ),
  ),
  layer(
    'two dense layers with relu between',
    { x: floats([6, 5]), a: floats([5, 9]), b: floats([9]), c: floats([9, 3]), d: floats([3]) },
    (tf, { x, a, b, c, d }) => tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x, a), b)), c), d),
  ),
  layer(
    'two dense layers with tanh between',
    { x: floats([3, 4]), a: floats([4, 5]), b: floats([5, 2]) },
    (tf, { x, a, b }) => tf.matMul(tf.tanh(tf.matMul(x, a)), b),
  ),
  ...activations.map((activation) =>
    layer(
      `fused dense with bias and ${activation}`,
      { a: floats([5, 7]), b: floats([7, 6]), bias: floats([6]) },
      (tf, { a, b, bias }) => tf.fused.matMul({ a, b, bias, activation }),
    ),
  ),
  layer(
    'fused dense with bias and prelu',
    { a: floats([5, 7]), b: floats([7, 6]), bias: floats([6]), alpha: floats([1, 6], positive) },
    (tf, { a, b, bias, alpha }) => tf.fused.matMul({ a, b, bias, activation: 'prelu', preluActivationWeights: alpha }),
  ),
  ...(['linear', 'relu'] as const).flatMap((activation) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) =>
        layer(
          `fused dense with ${activation}${transposeA ? ', first transposed' : ''}${transposeB ? ', second transposed' : ''}`,
          { a: floats(transposeA ? [7, 5] : [5, 7]), b: floats(transposeB ? [6, 7] : [7, 6]), bias: floats([6]) },
          (tf, { a, b, bias }) => tf.fused.matMul({ a, b, bias, activation, transposeA, transposeB }),
        ),
      ),
    ),
  ),
  layer('fused dense without bias', { a: floats([5, 7]), b: floats([7, 6]) }, (tf, { a, b }) =>
    tf.fused.matMul({ a, b, activation: 'relu' }),
  ),
]
