import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { decay } from '../../../src/samplers/gaussian-process/decay.ts'
import { fitModel } from '../../../src/samplers/gaussian-process/fit.ts'
import { createLikelihood, layout, type Prior } from '../../../src/samplers/gaussian-process/likelihood.ts'
import { bend, tame, unwarped, warped } from '../../../src/samplers/gaussian-process/warp.ts'
import { covarianceOf, differences, isOption, rowsOf, solveDense } from './model.ts'

const n = 14
const rows = rowsOf(n)
const y = Float64Array.from({ length: n }, (_, i) => Math.sin(4 * (rows[4 * i] ?? 0)) + (rows[4 * i + 3] ?? 0) ** 2)
const at = layout(4)
/** A prior that says next to nothing. */
const flat: Prior[] = Array.from({ length: at.count }, () => ({ mean: 0, deviation: 1e9, low: -9, high: 9 }))

describe('the likelihood of hyperparameters', () => {
  const theta = Float64Array.from({ length: at.count }, (_, k) => Math.sin(3 * k + 1))
  const { evaluate, model } = createLikelihood(isOption, rows, y, flat)

  test('is that of a normal distribution of the warped values, with the density of the warp', () => {
    const { kernel, noise, warp } = model(theta)
    const row = (i: number) => rows.subarray(4 * i, 4 * i + 4)
    const matrix = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => covarianceOf(kernel, row(i), row(j)) + (i === j ? noise : 0)),
    )
    const z = y.map((value) => warped(warp, value))
    const quadratic = solveDense(matrix, z).reduce((sum, value, i) => sum + value * (z[i] ?? 0), 0)
    // log det by the pivots of elimination: the last pivot of each leading block.
    let logDeterminant = 0
    for (let k = 1; k <= n; k++) {
      const block = matrix.slice(0, k).map((values) => values.slice(0, k))
      const last =
        solveDense(
          block,
          Float64Array.from({ length: k }, (_, i) => (i === k - 1 ? 1 : 0)),
        )[k - 1] ?? 1
      logDeterminant -= Math.log(last)
    }
    const h = 1e-6
    const jacobian = y.reduce(
      (sum, value) => sum + Math.log((warped(warp, value + h) - warped(warp, value - h)) / (2 * h)),
      0,
    )
    expect(evaluate(theta, new Float64Array(at.count))).toBeCloseTo((quadratic + logDeterminant) / 2 - jacobian, 5)
  })

  test('has the gradient of its values', () => {
    const priors = flat.map((prior, k) => ({ ...prior, mean: k / 10, deviation: 2 }))
    const likelihood = createLikelihood(isOption, rows, y, priors)
    const scratch = new Float64Array(at.count)
    const gradient = new Float64Array(at.count)
    likelihood.evaluate(theta, gradient)
    differences((moved) => likelihood.evaluate(moved, scratch), theta, 1e-5).forEach((slope, k) => {
      expect(gradient[k]).toBeCloseTo(slope, 5)
    })
  })
})

describe('a fit', () => {
  const random = createRandom(3, 0, 'fit')
  const many = Float64Array.from({ length: 40 * 3 }, () => random.next())
  const column = (i: number, k: number) => many[3 * i + k] ?? 0
  const three = [false, false, false]

  test('finds out what matters', () => {
    const values = Float64Array.from({ length: 40 }, (_, i) => Math.cos(6 * column(i, 1)) + 0.01 * column(i, 0))
    const { kernel } = fitModel(three, many, values)
    expect(kernel.single[1]).toBeGreaterThan(30 * (kernel.single[2] ?? 0))
  })

  test('tells noise from none', () => {
    const exact = Float64Array.from({ length: 40 }, (_, i) => Math.cos(3 * column(i, 1)) + column(i, 0))
    expect(fitModel(three, many, exact).noise).toBeLessThan(1e-4)
    const noisy = exact.map((value) => value + 0.3 * random.normal())
    expect(fitModel(three, many, noisy).noise).toBeGreaterThan(0.02)
  })

  test('takes the logarithm of what spans many orders of magnitude, and leaves what does not', () => {
    const plain = Float64Array.from({ length: 40 }, (_, i) => column(i, 0) + Math.sin(3 * column(i, 1)))
    const steep = plain.map((value) => Math.exp(4 * value))
    const curvature = (values: Float64Array) => {
      const { warp } = fitModel(three, many, values)
      const [low = 0, high = 0] = [Math.min(...values), Math.max(...values)]
      // Of the warped range, what lies below the middle of the range of values: a half when nothing is bent.
      return (warped(warp, (low + high) / 2) - warped(warp, low)) / (warped(warp, high) - warped(warp, low))
    }
    expect(curvature(plain)).toBeLessThan(0.55)
    expect(curvature(steep)).toBeGreaterThan(0.7)
  })
})

describe('a warp', () => {
  test('can be undone', () => {
    const { warp } = bend(y, Math.min(...y), 0.3, new Float64Array(n))
    for (const value of y) expect(unwarped(warp, warped(warp, value))).toBeCloseTo(value, 12)
  })

  test('brings outliers near and keeps the order of all others', () => {
    expect([...tame(Float64Array.of(3, 1, 2, 1e30))]).toEqual([3, 1, 2, 1 + 1e4 * 2])
    for (const value of tame(Float64Array.of(-1e300, 1e300, 0))) expect(Math.abs(value)).toBeLessThan(1e10)
  })
})

test('decay is exp of the negative', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 600, noNaN: true }), (x) => {
      expect(Math.abs(decay(x) / Math.exp(-x) - 1)).toBeLessThan(1e-13)
    }),
  )
  expect(decay(0)).toBe(1)
  expect(decay(1e9)).toBe(0)
})
