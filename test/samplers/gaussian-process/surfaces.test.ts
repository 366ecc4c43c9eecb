import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { improvementSurface } from '../../../src/samplers/gaussian-process/acquisition.ts'
import { fantasize } from '../../../src/samplers/gaussian-process/fantasies.ts'
import { feasibilitySurface } from '../../../src/samplers/gaussian-process/feasibility.ts'
import { middleSurface } from '../../../src/samplers/gaussian-process/middle.ts'
import { condition, extend, fittedMeans, whiten } from '../../../src/samplers/gaussian-process/posterior.ts'
import { predictor } from '../../../src/samplers/gaussian-process/predict.ts'
import { sumOf } from '../../../src/samplers/gaussian-process/surface.ts'
import type { Surrogate } from '../../../src/samplers/gaussian-process/surrogate.ts'
import { covarianceOf, differences, isOption, kernel, rowsOf, solveDense } from './model.ts'

const n = 12
const noise = 0.05
const rows = rowsOf(n)
const z = Float64Array.from({ length: n }, (_, i) => Math.sin(3 * (rows[4 * i] ?? 0)) + (rows[4 * i + 3] ?? 0) / 2)
const model = { kernel, noise, warp: { least: 0, c: 1, mean: 0, deviation: 1 } }
const posterior = condition(isOption, model, rows, n)
const white = whiten(posterior, z)
const surrogate: Surrogate = { members: [], model, posterior, z, white, means: fittedMeans(posterior, z, white) }
const at = (i: number, from = rows) => from.subarray(4 * i, 4 * i + 4)
const dense = Array.from({ length: n }, (_, i) =>
  Array.from({ length: n }, (_, j) => covarianceOf(kernel, at(i), at(j)) + (i === j ? noise : 0)),
)
const others = rowsOf(6, createRandom(2, 0, 'others'))

describe('a posterior', () => {
  test('has the mean and the variance of the closed form', () => {
    const predict = predictor(posterior, white)
    for (let i = 0; i < 6; i++) {
      const x = at(i, others)
      const k = Float64Array.from({ length: n }, (_, j) => covarianceOf(kernel, x, at(j)))
      const product = (weights: readonly number[]) => weights.reduce((sum, weight, j) => sum + weight * (k[j] ?? 0), 0)
      const { mean, deviation } = predict(x)
      expect(mean).toBeCloseTo(product(solveDense(dense, z)), 10)
      expect(deviation ** 2).toBeCloseTo(covarianceOf(kernel, x, x) - product(solveDense(dense, k)), 10)
    }
  })

  test('has at its own rows the means that it predicts there', () => {
    const predict = predictor(posterior, white)
    surrogate.means.forEach((mean, i) => {
      expect(mean).toBeCloseTo(predict(at(i)).mean, 10)
    })
  })

  test('is the same when its rows come one by one', () => {
    let grown = condition(isOption, model, rows, 3)
    for (let i = 3; i < n; i++) grown = extend(grown, at(i))
    const predict = predictor(posterior, white)
    const again = predictor(grown, whiten(grown, z))
    for (let i = 0; i < 6; i++) {
      expect(again(at(i, others)).mean).toBeCloseTo(predict(at(i, others)).mean, 12)
      expect(again(at(i, others)).deviation).toBeCloseTo(predict(at(i, others)).deviation, 12)
    }
  })

  test('takes a row that it has already, without noise', () => {
    const exact = { ...model, noise: 1e-10 }
    let twice = condition(isOption, exact, rows, n)
    for (let i = 0; i < 3; i++) twice = extend(twice, at(0))
    expect(
      predictor(twice, whiten(twice, Float64Array.of(...z, z[0] ?? 0, z[0] ?? 0, z[0] ?? 0)))(at(0)).mean,
    ).toBeCloseTo(z[0] ?? 0, 5)
  })
})

describe('the surfaces', () => {
  const labels = z.map((value) => (value > 0.9 ? 1 : 0))
  const classes = { ...surrogate, white: whiten(posterior, labels) }
  const goal = Math.min(...surrogate.means)
  const pending = others.slice(0, 8)
  const joint = fantasize(surrogate, pending, goal, createRandom(1, 0, 'fantasies'))
  const none = fantasize(surrogate, new Float64Array(0), goal, createRandom(1, 0, 'fantasies'))
  const cases = {
    improvement: improvementSurface(none.posterior, white, none.fantasies),
    'improvement beside pending rows': improvementSurface(joint.posterior, white, joint.fantasies),
    feasibility: feasibilitySurface(classes),
    'belief in the middle': middleSurface({ isOption }, 10),
    'a sum': sumOf([improvementSurface(joint.posterior, white, joint.fantasies), feasibilitySurface(classes)]),
  }
  test.each(Object.entries(cases))('%s has the gradient of its values, which are the same in bulk', (_, surface) => {
    const values = surface.evaluateEach(others, 6)
    for (let i = 0; i < 6; i++) {
      const x = at(i, others).slice()
      const gradient = new Float64Array(4)
      expect(values[i]).toBeCloseTo(surface.evaluate(x, gradient), 10)
      const expected = differences((moved) => surface.evaluate(Float64Array.of(...moved.subarray(0, 3), x[3] ?? 0)), x)
      // The last is an option.
      for (let k = 0; k < 3; k++) expect(gradient[k]).toBeCloseTo(expected[k] ?? 0, 4)
    }
  })

  test('improvement is next to none where a trial is pending', () => {
    const alone = cases.improvement.evaluate(at(0, pending))
    expect(cases['improvement beside pending rows'].evaluate(at(0, pending))).toBeLessThan(alone)
  })
})
