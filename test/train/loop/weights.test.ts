import { expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { initialWeights, mlp, parseWeights } from '../../../src/train/index.ts'
import { checkWeights } from '../../../src/train/weights.ts'
import { thrownBy } from '../../helpers/errors.ts'

const random = (purpose: string) => createRandom(0, 0, purpose)
const weightsOf = (...hidden: number[]) => initialWeights(mlp({ inputs: 4, hidden, classes: 3 }), random)

test('what a checkpoint held is weights, or refused', () => {
  const weights = weightsOf(5)
  expect(parseWeights(structuredClone(weights))).toEqual(weights)
  const values = new Float32Array(3)
  for (const state of [
    ...[undefined, null, 'weights', [null], [{ name: 'kernel' }]],
    [{ name: 'kernel', shape: [2], values }],
    [{ shape: [3], values }],
    [{ name: 'kernel', shape: [3], values: [1, 2, 3] }],
  ])
    expect(thrownBy(() => parseWeights(state)).code).toBe('model.invalid')
})

test('weights are of the model that has their names and shapes, in their order', () => {
  const model = mlp({ inputs: 4, hidden: [5], classes: 3 })
  checkWeights(model, weightsOf(5))
  for (const other of [weightsOf(6), weightsOf(5, 5), weightsOf(), weightsOf(5).toReversed()])
    expect(thrownBy(() => checkWeights(model, other))).toMatchObject({
      code: 'model.invalid',
      remedy: expect.any(String),
    })
  expect(thrownBy(() => checkWeights(model, weightsOf(6)))).toMatchObject({
    path: expect.stringMatching(/kernel \[4,5]$/),
    value: expect.stringMatching(/kernel \[4,6]$/),
  })
})
