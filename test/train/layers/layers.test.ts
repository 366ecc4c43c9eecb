import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { activate } from '../../../src/train/layers/activation.ts'
import { attention, attentionParameters } from '../../../src/train/layers/attention.ts'
import { attentionMask } from '../../../src/train/layers/attention-mask.ts'
import { conv2d } from '../../../src/train/layers/conv2d.ts'
import { dense } from '../../../src/train/layers/dense.ts'
import { embeddingParameters } from '../../../src/train/layers/embedding.ts'
import { layerNorm } from '../../../src/train/layers/layer-norm.ts'
import { lstm, lstmParameters } from '../../../src/train/layers/lstm.ts'
import { maxPool2 } from '../../../src/train/layers/max-pool.ts'
import { positions, sinusoids } from '../../../src/train/layers/positions.ts'
import { forward } from '../../../src/train/models/forward.ts'
import type { Forward, Model } from '../../../src/train/models/model.ts'
import type { Parameter } from '../../../src/train/parameter.ts'
import { toTensors } from '../../../src/train/weights.ts'
import { variedWeights } from './expect-gradients.ts'

describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
  let tf: Tf
  beforeAll(async () => {
    tf = await (await createEngine(engine)).load()
  })

  const normal = (purpose: string, shape: number[]) => {
    const random = createRandom(0, 0, purpose)
    return tf.tensor(
      Float32Array.from({ length: shape.reduce((size, n) => size * n, 1) }, () => random.normal()),
      shape,
    )
  }
  /** Parameters by name, as a layer looks for them. */
  const named = (tensors: { readonly [name: string]: Tensor }) => ({
    tf,
    parameter: (name: string) => tensors[name] ?? tf.scalar(Number.NaN),
  })
  const applied = (parameters: readonly Parameter[]): Forward => {
    const model: Model = { parameters, apply: () => tf.scalar(0) }
    return forward(tf, model, toTensors(tf, variedWeights(model)), {})
  }
  const expectValues = (y: Tensor, expected: readonly number[], digits = 5) => {
    expect(y.size).toBe(expected.length)
    for (const [i, value] of y.dataSync().entries()) expect(value, `number ${i}`).toBeCloseTo(expected[i] ?? 0, digits)
  }

  test.each([
    ['sigmoid', [0.2689414, 0.5, 0.9525741]],
    ['tanh', [-0.7615942, 0, 0.9950548]],
    ['relu', [0, 0, 3]],
    ['leakyRelu', [-0.01, 0, 3]],
    // x Φ(x), from tables of the normal distribution: 0.15865525 and 0.9986501.
    ['gelu', [-0.1586553, 0, 2.9959503]],
  ] as const)('%s has its values and is shown to probes', (activation, expected) => {
    const seen: string[] = []
    const observe = (name: string, y: Tensor) => seen.push(`${name} ${y.shape}`)
    expectValues(activate({ tf, observe }, 'hidden0', tf.tensor1d([-1, 0, 3]), activation), expected)
    expect(seen).toEqual(['hidden0 3'])
  })

  test('a dense layer is the same whatever axes come before the last', () => {
    const of = named({ 'd/kernel': normal('kernel', [3, 2]), 'd/bias': normal('bias', [2]) })
    const x = normal('x', [2, 2, 2, 3])
    const rows = dense(of, 'd', x.reshape([8, 3]))
    expectValues(dense(of, 'd', x), [...rows.dataSync()])
    expect(dense(of, 'd', x).shape).toEqual([2, 2, 2, 2])
  })

  test('a convolution sums over windows, zeros beyond the edge', () => {
    const of = named({ 'c/kernel': tf.ones([3, 3, 1, 1]), 'c/bias': tf.tensor1d([10]) })
    const image = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1])
    expectValues(conv2d(of, 'c', image, { inputs: 1, outputs: 1 }), [22, 31, 26, 37, 55, 43, 34, 49, 38])
    const config = { inputs: 1, outputs: 1, padding: 'valid', bias: false } as const
    expectValues(conv2d(of, 'c', image, config), [45])
  })

  test('max pooling halves an image, rounding up', () => {
    const image = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1])
    const pooled = maxPool2(tf, image)
    expect(pooled.shape).toEqual([1, 2, 2, 1])
    expectValues(pooled, [5, 6, 8, 9])
  })

  test('layer norm gives each vector mean zero and variance one, then scales and shifts', () => {
    const of = named({ 'n/scale': tf.tensor1d([1, 2, 3]), 'n/offset': tf.tensor1d([0, 0, 1]) })
    // Deviations -1, 0 and 1 about 5, and ten times that.
    const x = tf.tensor2d([
      [4, 5, 6],
      [40, 50, 60],
    ])
    const one = Math.sqrt(3 / 2)
    expectValues(layerNorm(of, 'n', x, 0), [-one, 0, 1 + 3 * one, -one, 0, 1 + 3 * one])
  })

  test('an LSTM follows its equations', () => {
    const [inputs, units, time] = [2, 3, 4]
    const given = applied(lstmParameters('l', inputs, units))
    const x = normal('x', [1, time, inputs])
    const [kernel, recurrent, bias] = ['kernel', 'recurrent', 'bias'].map((part) =>
      given.parameter(`l/${part}`).dataSync(),
    )
    const sigmoid = (v: number) => 1 / (1 + Math.exp(-v))
    let [c, h] = [Array.from({ length: units }, () => 0), Array.from({ length: units }, () => 0)]
    const expected: number[] = []
    for (let step = 0; step < time; step++) {
      const gate = (place: number) => {
        let sum = bias?.[place] ?? 0
        for (let i = 0; i < inputs; i++)
          sum += (x.dataSync()[step * inputs + i] ?? 0) * (kernel?.[i * 4 * units + place] ?? 0)
        for (let i = 0; i < units; i++) sum += (h[i] ?? 0) * (recurrent?.[i * 4 * units + place] ?? 0)
        return sum
      }
      const next = c.map(
        (cell, u) => sigmoid(gate(units + u)) * cell + sigmoid(gate(u)) * Math.tanh(gate(3 * units + u)),
      )
      h = next.map((cell, u) => sigmoid(gate(2 * units + u)) * Math.tanh(cell))
      c = next
      expected.push(...h)
    }
    expectValues(lstm(given, 'l', x), expected)
  })

  test('an LSTM stays at zero until a sequence begins, whatever comes before', () => {
    const given = applied(lstmParameters('l', 2, 3))
    const x = normal('x', [1, 3, 2])
    const alone = lstm(given, 'l', x)
    const noise = tf.mul(normal('noise', [1, 2, 2]), 100)
    const started = tf.tensor2d([[0, 0, 1, 1, 1]])
    const padded = lstm(given, 'l', tf.concat([noise, x], 1), started)
    expectValues(padded, [...new Float32Array(6), ...alone.dataSync()])
  })

  test('attention to equal keys is the mean of the values that may be seen', () => {
    const width = 4
    const identity = tf.eye(width)
    const of = named({
      'a/queryKeyValue/kernel': tf.concat([tf.zeros([width, 2 * width]), identity], 1),
      'a/queryKeyValue/bias': tf.zeros([3 * width]),
      'a/output/kernel': identity,
      'a/output/bias': tf.zeros([width]),
    })
    const x = normal('x', [1, 3, width])
    const [first = 0, second = 0, third = 0] = [0, 1, 2].map((time) => time * width)
    const values = x.dataSync()
    const meanOf = (...from: number[]) =>
      Array.from({ length: width }, (_, i) => from.reduce((sum, at) => sum + (values[at + i] ?? 0), 0) / from.length)
    const seen = (visible: number[], causal: boolean) =>
      attention(of, 'a', x, { heads: 2 }, attentionMask(tf, tf.tensor2d([visible]), causal))
    const all = meanOf(first, second, third)
    expectValues(seen([1, 1, 1], false), [...all, ...all, ...all])
    expectValues(seen([1, 1, 1], true), [...meanOf(first), ...meanOf(first, second), ...all])
    const last = meanOf(second, third)
    expectValues(seen([0, 1, 1], false), [...last, ...last, ...last])
  })

  test('attention is softmax(Q Kᵀ / √d) V, head by head', () => {
    const [time, width, heads] = [3, 4, 2]
    const size = width / heads
    const given = applied(attentionParameters('a', width))
    const x = normal('x', [1, time, width])
    const projected = dense(given, 'a/queryKeyValue', x).dataSync()
    const at = (step: number, part: number, head: number, i: number) =>
      projected[step * 3 * width + part * width + head * size + i] ?? 0
    const joined = new Float32Array(time * width)
    for (let head = 0; head < heads; head++) {
      for (let step = 0; step < time; step++) {
        const scores = Array.from({ length: time }, (_, other) => {
          let score = 0
          for (let i = 0; i < size; i++) score += at(step, 0, head, i) * at(other, 1, head, i)
          return Math.exp(score / Math.sqrt(size))
        })
        const total = scores.reduce((a, b) => a + b, 0)
        for (let i = 0; i < size; i++) {
          joined[step * width + head * size + i] = scores.reduce(
            (sum, s, other) => sum + (s / total) * at(other, 2, head, i),
            0,
          )
        }
      }
    }
    const expected = dense(given, 'a/output', tf.tensor(joined, [1, time, width]))
    expectValues(attention(given, 'a', x, { heads }), [...expected.dataSync()])
  })

  test('dropout of attention weights leaves some of them out while training', () => {
    const model: Model = { parameters: attentionParameters('a', 4), apply: () => tf.scalar(0) }
    const params = toTensors(tf, variedWeights(model))
    const x = normal('x', [2, 5, 4])
    const seen = (trial?: number) => {
      const random = trial === undefined ? {} : { random: createRandom(0, trial, 'd') }
      return [...attention(forward(tf, model, params, {}, random), 'a', x, { heads: 2, dropout: 0.5 }).dataSync()]
    }
    expect(seen(1)).not.toEqual(seen())
    expect(seen(1)).toEqual(seen(1))
    expect(seen(1)).not.toEqual(seen(2))
  })

  test('positions count from the first token that is visible', () => {
    const visible = tf.tensor2d([
      [0, 0, 1, 1],
      [1, 1, 1, 0],
    ])
    expect([...positions(tf, visible).dataSync()]).toEqual([0, 0, 0, 1, 0, 1, 2, 2])
  })

  test('sinusoids are a rotation apart: the product of two depends on their distance alone', () => {
    const [length, width] = [20, 8]
    const waves = sinusoids(length, width)
    const product = (a: number, b: number) =>
      Array.from({ length: width }, (_, i) => (waves[a * width + i] ?? 0) * (waves[b * width + i] ?? 0)).reduce(
        (sum, v) => sum + v,
        0,
      )
    expect([...waves.subarray(0, width)]).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
    expect(waves[width]).toBeCloseTo(Math.sin(1), 6)
    expect(waves[width + 2]).toBeCloseTo(Math.sin(0.1), 6)
    const place = fc.nat({ max: length - 1 })
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(product(a, b)).toBeCloseTo(product(Math.abs(a - b), 0), 5)
      }),
    )
  })

  test('an embedding has a row for each id', () => {
    const model: Model = {
      parameters: embeddingParameters('table', 5, 3, 'ids'),
      apply: (given) => given.embedding('table'),
    }
    expect(model.parameters).toMatchObject([{ name: 'table', role: 'embedding', shape: [5, 3], input: 'ids' }])
    const [table] = toTensors(tf, variedWeights(model))
    const inputs = {
      ids: tf.tensor2d(
        [
          [4, 0],
          [4, 2],
        ],
        [2, 2],
        'int32',
      ),
    }
    const y = model.apply(forward(tf, model, table ? [table] : [], inputs), inputs)
    const rows = table?.dataSync() ?? []
    expect(y.shape).toEqual([2, 2, 3])
    expectValues(
      y,
      [4, 0, 4, 2].flatMap((id) => [0, 1, 2].map((i) => rows[id * 3 + i] ?? 0)),
    )
  })
})
