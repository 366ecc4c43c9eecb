import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { ACTIVATIONS, initializerOf } from '../../../src/train/layers/activation.ts'
import {
  INITIALIZERS,
  type InitializerName,
  normalInit,
  onesInit,
  orthogonal,
  zerosInit,
} from '../../../src/train/layers/initializers.ts'

const stream = () => createRandom(0, 0, 'weights')
const momentsOf = (values: Float32Array) => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length }
}

/** Of a dense kernel [200, 300] and of a convolution's [3, 3, 40, 50]. */
const VARIANCES: { readonly [name in Exclude<InitializerName, 'orthogonal'>]: readonly [number, number] } = {
  heNormal: [2 / 200, 2 / 360],
  heUniform: [2 / 200, 2 / 360],
  glorotNormal: [2 / 500, 2 / (360 + 450)],
  glorotUniform: [2 / 500, 2 / (360 + 450)],
  lecunNormal: [1 / 200, 1 / 360],
  lecunUniform: [1 / 200, 1 / 360],
}

describe('initializers', () => {
  test.each(['heNormal', 'heUniform', 'glorotNormal', 'glorotUniform', 'lecunNormal', 'lecunUniform'] as const)(
    '%s has its variance, about zero, the same from the same stream',
    (name) => {
      const [init, of] = [INITIALIZERS[name], VARIANCES[name]]
      for (const [i, shape] of [
        [200, 300],
        [3, 3, 40, 50],
      ].entries()) {
        const values = init(shape, stream())
        const { mean, variance } = momentsOf(values)
        const expected = of[i] ?? Number.NaN
        // Five standard errors.
        expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(expected / values.length))
        expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length))
        expect(init(shape, stream())).toEqual(values)
      }
    },
  )

  test('uniform ones stay within √3 deviations and reach almost that far', () => {
    const largest = INITIALIZERS.heUniform([200, 300], stream()).reduce((most, v) => Math.max(most, Math.abs(v)), 0)
    expect(largest).toBeLessThanOrEqual(Math.fround(Math.sqrt(6 / 200)))
    expect(largest).toBeGreaterThan(0.999 * Math.sqrt(6 / 200))
  })

  test.each([[[30, 30]], [[12, 40]], [[40, 12]], [[3, 3, 2, 10]]])(
    'orthogonal %o has orthonormal columns, or rows where those are fewer',
    (shape) => {
      const values = orthogonal(shape, stream())
      const columns = shape.at(-1) ?? 1
      const rows = values.length / columns
      const vector = (i: number) =>
        rows >= columns
          ? Array.from({ length: rows }, (_, row) => values[row * columns + i] ?? 0)
          : [...values.subarray(i * columns, (i + 1) * columns)]
      const count = Math.min(rows, columns)
      for (let i = 0; i < count; i++) {
        for (let j = 0; j <= i; j++) {
          const product = vector(i).reduce((sum, v, n) => sum + v * (vector(j)[n] ?? 0), 0)
          expect(product).toBeCloseTo(i === j ? 1 : 0, 5)
        }
      }
    },
  )

  test('constants and normals of a deviation', () => {
    expect(zerosInit([2, 3])).toEqual(new Float32Array(6))
    expect(onesInit([2, 3])).toEqual(new Float32Array(6).fill(1))
    expect(momentsOf(normalInit(0.3)([100, 100], stream())).variance).toBeCloseTo(0.09, 2)
  })

  test.each(ACTIVATIONS)('under %s the variance neither dies out nor explodes through ten layers', (activation) => {
    const init = INITIALIZERS[initializerOf(activation)]
    const random = stream()
    const width = 100
    const apply = {
      sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
      tanh: Math.tanh,
      relu: (x: number) => Math.max(0, x),
      leakyRelu: (x: number) => Math.max(0.01 * x, x),
      gelu: (x: number) => x / (1 + Math.exp(-1.702 * x)),
    }[activation]
    let h = Float32Array.from({ length: width }, () => random.normal())
    for (let layer = 0; layer < 10; layer++) {
      const kernel = init([width, width], random)
      h = Float32Array.from({ length: width }, (_, j) =>
        apply(h.reduce((sum, v, i) => sum + v * (kernel[i * width + j] ?? 0), 0)),
      )
    }
    const square = h.reduce((sum, v) => sum + v * v, 0) / width
    expect(square).toBeGreaterThan(0.01)
    expect(square).toBeLessThan(10)
  })
})
