import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { classification, softmaxCrossEntropy } from '../../../src/train/index.ts'
import { binaryClassification } from '../../../src/train/tasks/binary-classification.ts'
import { nextToken } from '../../../src/train/tasks/next-token.ts'
import { regression } from '../../../src/train/tasks/regression.ts'
import { lossOf, metricsOf } from './task-case.ts'

describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
  let tf: Tf
  beforeAll(async () => {
    tf = await (await createEngine(engine)).load()
  })

  function expectClose(actual: readonly number[], expected: readonly number[], digits = 5): void {
    expect(actual).toHaveLength(expected.length)
    actual.forEach((value, i) => void expect(value).toBeCloseTo(expected[i] ?? Number.NaN, digits))
  }

  describe('classification', () => {
    const rows = [
      [1, 2, 3],
      [0, 0, 1000],
      [2, 1, 0],
    ]
    const softmax = (row: readonly number[]) => {
      const sum = row.reduce((total, x) => total + Math.exp(x - Math.max(...row)), 0)
      return row.map((x) => Math.exp(x - Math.max(...row)) / sum)
    }
    const labels = [0, 2, 1]
    const losses = rows.map((row, i) => -Math.log(softmax(row)[labels[i] ?? 0] ?? 0))

    test('loses the mean of -log softmax at the labels, whatever the logits, with its gradient', () => {
      const { loss, gradient } = lossOf(tf, classification, tf.tensor2d(rows), tf.tensor1d(labels, 'int32'))
      expect(loss).toBeCloseTo(losses.reduce((sum, each) => sum + each, 0) / 3, 5)
      const expected = rows.flatMap((row, i) => softmax(row).map((p, k) => (p - (k === labels[i] ? 1 : 0)) / 3))
      expectClose(gradient, expected)
    })

    test('of logits that are far apart stays finite', () => {
      const { loss, gradient } = lossOf(tf, classification, tf.tensor2d([[-1e4, 1e4]]), tf.tensor1d([0], 'int32'))
      expect(loss).toBeCloseTo(2e4, 1)
      expectClose(gradient, [-1, 1])
    })

    test('weighs examples, the divisor staying the number of rows', () => {
      const weights = tf.tensor1d([2, 0.5, 0])
      const expected = (2 * (losses[0] ?? 0) + 0.5 * (losses[1] ?? 0)) / 3
      const actual = softmaxCrossEntropy(tf, tf.tensor2d(rows), tf.tensor1d(labels, 'int32'), weights)
      expect(actual.dataSync()[0]).toBeCloseTo(expected, 5)
    })

    test('measures loss and accuracy', () => {
      const metrics = metricsOf(tf, classification, tf.tensor2d(rows), tf.tensor1d(labels, 'int32'))
      expect(metrics.accuracy).toBeCloseTo(1 / 3, 6)
      expect(metrics.loss).toBeCloseTo(losses.reduce((sum, each) => sum + each, 0) / 3, 5)
    })
  })

  describe('binary classification', () => {
    const logits = [-200, -1.5, 0, 0, 0.25, 3, 90, -30]
    const labels = [0, 1, 0, 1, 1, 0, 1, 1]
    // In double precision, by the definition where that suffices.
    const losses = logits.map((x, i) => Math.max(x, 0) - x * (labels[i] ?? 0) + Math.log1p(Math.exp(-Math.abs(x))))
    const mean = losses.reduce((sum, each) => sum + each, 0) / 8
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

    test.each([[[8]], [[8, 1]]])('loses the cross entropy of the sigmoid of logits %j, with its gradient', (shape) => {
      const outputs = tf.tensor(logits, shape)
      const { loss, gradient } = lossOf(tf, binaryClassification, outputs, tf.tensor1d(labels))
      expect(-Math.log(sigmoid(logits[1] ?? 0))).toBeCloseTo(losses[1] ?? 0, 12)
      expect(loss).toBeCloseTo(mean, 4)
      // At a logit of exactly 0 too, where that of the single terms is 0.
      const expected = logits.map((x, i) => (sigmoid(x) - (labels[i] ?? 0)) / 8)
      expectClose(gradient, expected, 6)
    })

    test('takes labels as integers, and weights', () => {
      const weights = tf.tensor1d([0, 2, 0, 0, 0, 0, 0, 0])
      const { loss } = lossOf(tf, binaryClassification, tf.tensor1d(logits), tf.tensor1d(labels, 'int32'), weights)
      expect(loss).toBeCloseTo((2 * (losses[1] ?? 0)) / 8, 5)
    })

    test('measures loss, accuracy, and the area under the curve with ties, over all batches', () => {
      const metrics = metricsOf(tf, binaryClassification, tf.tensor2d(logits, [8, 1]), tf.tensor1d(labels, 'int32'))
      expect(metrics.loss).toBeCloseTo(mean, 4)
      // Right: -200, one 0 (the tie counts as no), 0.25, 90.
      expect(metrics.accuracy).toBe(4 / 8)
      // Positives -1.5, 0, 0.25, 90, -30 against negatives -200, 0, 3.
      expect(metrics.auc).toBeCloseTo((1 + 1.5 + 2 + 3 + 1) / 15, 12)
    })

    test('has no area where all labels are the same', () => {
      const metrics = metricsOf(tf, binaryClassification, tf.tensor1d([1, 2, 3]), tf.tensor1d([1, 1, 1]))
      expect(metrics).toMatchObject({ accuracy: 1, auc: Number.NaN })
    })
  })

  describe('regression', () => {
    const outputs = [1, 2, 3, 4, 5, 6]
    const labels = [1, 0, 0, 4, 8, 7]
    const errors = outputs.map((x, i) => x - (labels[i] ?? 0))
    const mse = errors.reduce((sum, e) => sum + e * e, 0) / 6

    test.each([
      [[6], [6]],
      [[6, 1], [6]],
      [
        [3, 2],
        [3, 2],
      ],
      [
        [2, 3, 1],
        [2, 3],
      ],
    ])('of outputs %j and labels %j loses and measures the squared error', (shape, labelShape) => {
      const tensors = [tf.tensor(outputs, shape), tf.tensor(labels, labelShape)] as const
      const { loss, gradient } = lossOf(tf, regression, ...tensors)
      expect(loss).toBeCloseTo(mse, 5)
      expectClose(
        gradient,
        errors.map((e) => e / 3),
      )
      const metrics = metricsOf(tf, regression, ...tensors)
      expect(metrics.loss).toBeCloseTo(mse, 5)
      expect(metrics.rmse).toBeCloseTo(Math.sqrt(mse), 5)
      expect(metrics.mae).toBeCloseTo(errors.reduce((sum, e) => sum + Math.abs(e), 0) / 6, 5)
    })

    test('weighs examples', () => {
      const weights = tf.tensor1d([0, 3])
      const { loss } = lossOf(tf, regression, tf.tensor1d([1, 2]), tf.tensor1d([7, 4], 'int32'), weights)
      expect(loss).toBeCloseTo((3 * 4) / 2, 6)
    })
  })

  describe('next token', () => {
    // Two rows of three places, of four tokens; the last place of the first row and two of the second are padding.
    const logits = Array.from({ length: 24 }, (_, i) => Math.sin(i) * 2)
    const labels = [3, 0, -1, 1, -1, -1]
    const placeLoss = (place: number) => {
      const row = logits.slice(4 * place, 4 * place + 4)
      return Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - (row[labels[place] ?? 0] ?? 0)
    }
    const mean = (placeLoss(0) + placeLoss(1) + placeLoss(3)) / 3

    test('loses the mean over the tokens that are not padding, whose logits have no gradient', () => {
      const { loss, gradient } = lossOf(
        tf,
        nextToken(),
        tf.tensor3d(logits, [2, 3, 4]),
        tf.tensor2d(labels, [2, 3], 'int32'),
      )
      expect(loss).toBeCloseTo(mean, 5)
      for (const place of [2, 4, 5]) expectClose(gradient.slice(4 * place, 4 * place + 4), [0, 0, 0, 0], 12)
      const h = 1e-4
      const row = logits.slice(0, 4)
      const entropy = (moved: readonly number[]) =>
        Math.log(moved.reduce((s, x) => s + Math.exp(x), 0)) - (moved[3] ?? 0)
      expectClose(
        gradient.slice(0, 4),
        row.map((x, k) => (entropy(row.with(k, x + h)) - entropy(row.with(k, x - h))) / (6 * h)),
      )
    })

    test('measures loss, perplexity and accuracy of every token alike', () => {
      const metrics = metricsOf(tf, nextToken(), tf.tensor3d(logits, [2, 3, 4]), tf.tensor2d(labels, [2, 3], 'int32'))
      const isHit = (place: number) => {
        const row = logits.slice(4 * place, 4 * place + 4)
        return row.indexOf(Math.max(...row)) === labels[place]
      }
      expect(metrics.loss).toBeCloseTo(mean, 5)
      expect(metrics.perplexity).toBeCloseTo(Math.exp(mean), 4)
      expect(metrics.accuracy).toBeCloseTo([0, 1, 3].filter(isHit).length / 3, 6)
    })

    test('takes one token a row, another padding, and weights', () => {
      const outputs = tf.tensor2d(logits, [6, 4])
      const padded = tf.tensor1d([3, 0, 2, 1, 2, 2], 'int32')
      expect(lossOf(tf, nextToken({ padding: 2 }), outputs, padded).loss).toBeCloseTo(mean, 5)
      const weights = tf.tensor1d([1, 0, 5, 0, 5, 5])
      expect(lossOf(tf, nextToken({ padding: 2 }), outputs, padded, weights).loss).toBeCloseTo(placeLoss(0) / 3, 5)
    })

    test('of nothing but padding is nothing, and leaves the gradients whole', () => {
      const { loss, gradient } = lossOf(tf, nextToken(), tf.tensor2d([[1, 2]]), tf.tensor1d([-1], 'int32'))
      expect([Math.abs(loss), ...gradient.map(Math.abs)]).toEqual([0, 0, 0])
    })
  })
})
