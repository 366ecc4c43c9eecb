import { expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { expectedLoss } from '../../../src/train/models/quadratic/expected-loss.ts'
import { noisyQuadratic } from '../../../src/train/models/quadratic/problem.ts'
import { simulateQuadratic } from '../../../src/train/models/quadratic/simulate.ts'

const problem = noisyQuadratic(200)

test.each([
  { rate: 1, batchSize: 4 },
  { rate: 0.3, batchSize: 64, preconditioning: 0.5 },
])('its loss is what is to be expected, %o', (steps) => {
  const expected = expectedLoss(problem, steps)
  const found: [number, number][] = []
  for (const { step, loss } of simulateQuadratic(problem, steps, createRandom(0, 0, 'noise'))) {
    if (step > 3000) break
    if (step > 10) found.push([loss / expected(step), step])
  }
  expect(found.length).toBeGreaterThan(40)
  const errors = found.map(([ratio]) => Math.log(ratio))
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
  expect(Math.abs(mean)).toBeLessThan(0.02)
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.25)
})

test('the same stream gives the same losses, and a rate beyond stability ever larger ones', () => {
  const losses = (rate: number) => {
    const simulation = simulateQuadratic(problem, { rate, batchSize: 16 }, createRandom(1, 0, 'noise'))
    return Array.from({ length: 60 }, () => simulation.next().value.loss)
  }
  expect(losses(1)).toEqual(losses(1))
  expect(losses(2.1).at(-1)).toBeGreaterThan(1e3)
})
