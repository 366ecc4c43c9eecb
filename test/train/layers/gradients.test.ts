import { beforeAll, describe, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { ACTIVATIONS, activate } from '../../../src/train/layers/activation.ts'
import { attention, attentionParameters } from '../../../src/train/layers/attention.ts'
import { attentionMask } from '../../../src/train/layers/attention-mask.ts'
import { batchNorm, batchNormParameters } from '../../../src/train/layers/batch-norm.ts'
import { type Conv2dConfig, conv2d, conv2dParameters } from '../../../src/train/layers/conv2d.ts'
import { dense, denseParameters } from '../../../src/train/layers/dense.ts'
import { layerNorm, layerNormParameters } from '../../../src/train/layers/layer-norm.ts'
import { lstm, lstmParameters } from '../../../src/train/layers/lstm.ts'
import { maxPool2 } from '../../../src/train/layers/max-pool.ts'
import { project, projectParameters } from '../../../src/train/layers/project.ts'
import { transformerBlock, transformerBlockParameters } from '../../../src/train/layers/transformer-block.ts'
import { expectGradients, layerModel } from './expect-gradients.ts'

// cpu computes in double precision between tensors; the other engines are held to it elsewhere.
let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

describe('gradients are slopes', () => {
  test.each([[[4, 3]], [[2, 3, 3]], [[2, 1, 2, 3]]])('of a dense layer on %o', (shape) => {
    expectGradients(
      tf,
      layerModel(shape, denseParameters('d', 3, 2), (given, x) => dense(given, 'd', x)),
    )
  })

  test('of a projection', () => {
    expectGradients(
      tf,
      layerModel([4, 3], projectParameters('p', 3, 2), (given, x) => project(given, 'p', x)),
    )
  })

  test.each<Conv2dConfig>([
    { inputs: 2, outputs: 3 },
    { inputs: 1, outputs: 2, size: 2, strides: 2, padding: 'valid', bias: false },
  ])('of a convolution, %o', (config) => {
    const shape = [2, 4, 3, config.inputs]
    expectGradients(
      tf,
      layerModel(shape, conv2dParameters('c', config), (given, x) => conv2d(given, 'c', x, config)),
    )
  })

  test('of max pooling', () => {
    expectGradients(
      tf,
      layerModel([1, 3, 4, 2], [], (given, x) => maxPool2(given.tf, x)),
    )
  })

  test.each(ACTIVATIONS)('of %s', (activation) => {
    expectGradients(
      tf,
      layerModel([5, 7], [], (given, x) => activate(given, 'a', x, activation)),
    )
  })

  test.each([
    { shape: [6, 3], training: true },
    { shape: [2, 3, 2, 2], training: true },
    { shape: [6, 3], training: false },
    { shape: [6, 3], training: true, ghost: 2 },
    { shape: [7, 2], training: true, ghost: 3 },
    { shape: [5, 2, 2], training: true, ghost: 2 },
  ])('of batch norm, %o', ({ shape, training, ...config }) => {
    const units = shape.at(-1) ?? 0
    const model = layerModel(shape, batchNormParameters('n', units), (given, x) => batchNorm(given, 'n', x, config))
    expectGradients(tf, model, { training })
  })

  test.each([[[4, 5]], [[2, 3, 4]]])('of layer norm on %o', (shape) => {
    const model = layerModel(shape, layerNormParameters('n', shape.at(-1) ?? 0), (given, x) => layerNorm(given, 'n', x))
    expectGradients(tf, model)
  })

  test.each([false, true])('of an LSTM, with steps before the beginning: %s', (masked) => {
    const started = () =>
      tf.tensor2d([
        [0, 0, 1, 1],
        [1, 1, 1, 1],
      ])
    const model = layerModel([2, 4, 3], lstmParameters('l', 3, 2), (given, x) =>
      lstm(given, 'l', x, masked ? started() : undefined),
    )
    expectGradients(tf, model)
  })

  test('of an LSTM of a single step', () => {
    expectGradients(
      tf,
      layerModel([2, 1, 3], lstmParameters('l', 3, 2), (given, x) => lstm(given, 'l', x)),
    )
  })

  test.each([false, true])('of attention with dropout, causal: %s', (causal) => {
    const visible = () =>
      tf.tensor2d([
        [0, 1, 1],
        [1, 1, 1],
      ])
    const model = layerModel([2, 3, 4], attentionParameters('a', 4), (given, x) => {
      const seen = attention(given, 'a', x, { heads: 2, dropout: 0.3 }, attentionMask(tf, visible(), causal))
      // What padding sees counts for nothing, and where it sees nothing else has no slope.
      return tf.mul(seen, tf.reshape(visible(), [2, 3, 1]))
    })
    expectGradients(tf, model, { training: true })
  })

  test('of a transformer block', () => {
    const config = { width: 4, inner: 6, activation: 'gelu', attention: { heads: 2 }, dropout: 0.2 } as const
    const model = layerModel([2, 3, 4], transformerBlockParameters('b', config), (given, x) =>
      transformerBlock(given, 'b', x, config),
    )
    expectGradients(tf, model, { training: true })
  })
})
