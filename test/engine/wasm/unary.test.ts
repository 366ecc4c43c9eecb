import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectAsOnCpu, normal, wasm } from './beside-cpu.ts'

/** In double precision, the relative error allowed of float32, and where to look. */
const functions = {
  exp: { of: Math.exp, error: 2e-7, from: -87, to: 88.7 },
  tanh: { of: Math.tanh, error: 3e-7, from: -20, to: 20 },
  softplus: { of: (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), error: 3e-7, from: -87, to: 200 },
  erf: { of: erf, error: 6e-7, from: -6, to: 6 },
} as const

/** By its series, to double precision up to 3 or so, and 1 from there on to that of float32. */
function erf(x: number): number {
  if (Math.abs(x) > 4.5) return Math.sign(x)
  let [sum, term] = [x, x]
  for (let n = 1; n < 150; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

test.each(Object.entries(functions))(
  '%s is right to the last bits, near zero too',
  async (name, { of, error, from, to }) => {
    const tf = await wasm()
    const number = fc.oneof(
      fc.double({ min: from, max: to, noNaN: true }),
      fc.double({ min: -0.01, max: 0.01, noNaN: true }),
    )
    fc.assert(
      // Four at a time, and the rest one by one.
      fc.property(fc.array(number, { maxLength: 11 }), (numbers) => {
        const x = Float32Array.from(numbers)
        const y = tf.tidy(() => tf[name as 'exp'](tf.tensor1d(x)).dataSync())
        expect(y).toHaveLength(x.length)
        for (const [i, each] of x.entries()) {
          const expected = of(each)
          // Below 1e-37 float32 has fewer bits.
          expect(Math.abs((y[i] ?? 0) - expected)).toBeLessThanOrEqual(error * Math.abs(expected) + 1e-44)
        }
      }),
      { numRuns: 400 },
    )
  },
)

test('what is not finite, and too large or too small', async () => {
  const extremes = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1000, -1000, 1e-30]
  await expectAsOnCpu((tf) => {
    const x = tf.tensor1d(extremes)
    return [tf.exp(x), tf.tanh(x), tf.softplus(x), tf.erf(tf.slice(x, 3)), tf.leakyRelu(x, 0.1)]
  })
})

test('leaky ReLU by its slope, and integers', async () => {
  await expectAsOnCpu((tf) => {
    const x = normal(tf, [3, 7], 1)
    const integers = tf.tensor1d([-1, 0, 2], 'int32')
    return [tf.leakyRelu(x, 0.3), tf.leakyRelu(x), tf.exp(integers), tf.grad((a) => tf.leakyRelu(a, 0.3))(x)]
  })
})
