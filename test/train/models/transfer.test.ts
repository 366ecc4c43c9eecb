import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { freeze, unfreeze } from '../../../src/train/models/freeze.ts'
import { mlp } from '../../../src/train/models/mlp.ts'
import { pretrained } from '../../../src/train/models/pretrained.ts'
import { chain } from '../../../src/train/optimizers/chain.ts'
import { sgd } from '../../../src/train/optimizers/sgd.ts'
import { scaleByParameter } from '../../../src/train/optimizers/transformations/scale.ts'
import { disposeTraining, startTraining, trainStep } from '../../../src/train/step.ts'
import { classification } from '../../../src/train/tasks/classification.ts'
import { initialWeights } from '../../../src/train/weights.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { normals } from './cases.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

const random = (trial: number) => (purpose: string) => createRandom(0, trial, purpose)
const of = (classes: number) => mlp({ inputs: 4, hidden: [5], classes, norm: { kind: 'batch' } })
const saved = initialWeights(of(3), random(1))

describe('a pretrained model', () => {
  test('begins with what was saved, by name, in whatever order', () => {
    const start = initialWeights(pretrained(of(3), saved.toReversed()), random(2))
    expect(start).toEqual(saved)
    // A copy: training must not write into what was saved.
    expect(start[0]?.values).not.toBe(saved[0]?.values)
  })

  test('may have a head of its own, which begins as any', () => {
    const start = initialWeights(pretrained(of(7), saved, { fresh: /^head\// }), random(2))
    const fresh = initialWeights(of(7), random(2))
    for (const [i, { name, values }] of start.entries()) {
      expect(values, name).toEqual(name.startsWith('head/') ? fresh[i]?.values : saved[i]?.values)
    }
  })

  test('refuses weights that are missing, of another shape, or too many', () => {
    expect(thrownBy(() => pretrained(of(3), saved.slice(1)))).toMatchObject({
      code: 'model.invalid',
      path: saved[0]?.name,
    })
    expect(thrownBy(() => pretrained(of(7), saved))).toMatchObject({ path: 'head/kernel', value: [5, 3] })
    const small = mlp({ inputs: 4, hidden: [5], classes: 3 })
    expect(thrownBy(() => pretrained(small, saved, { fresh: /bias$/ }))).toMatchObject({
      code: 'model.invalid',
      path: 'hidden0/norm/scale',
    })
    expect(initialWeights(pretrained(small, saved, { fresh: /bias$/, unused: /norm/ }), random(2))[0]).toEqual(saved[0])
  })
})

describe('freezing', () => {
  function train(model = of(3), optimizer = sgd({ learningRate: 0.1 })): Record<string, number> {
    const training = { model, task: classification, optimizer }
    const start = initialWeights(model, random(1))
    let state = startTraining(tf, training, start)
    const batch = () => ({
      inputs: { features: normals(tf, 6, 4) },
      labels: tf.tensor1d([0, 1, 2, 2, 1, 0], 'int32'),
    })
    for (let step = 0; step < 3; step++)
      state = trainStep(tf, training, state, batch, createRandom(0, step, 'training'))
    const moved = state.params.map((tensor, i) => {
      const before = start[i]?.values
      return [...tensor.dataSync()].reduce((sum, value, n) => sum + Math.abs(value - (before?.[n] ?? Number.NaN)), 0)
    })
    disposeTraining(state)
    return Object.fromEntries(model.parameters.map(({ name }, i) => [name, moved[i] ?? Number.NaN]))
  }

  test('keeps what it names, statistics among it, and trains the rest', () => {
    for (const [name, distance] of Object.entries(train(freeze(of(3), /^(?!head\/)/)))) {
      if (name.startsWith('head/')) expect(distance, name).toBeGreaterThan(0)
      else expect(distance, name).toBe(0)
    }
  })

  test('ends with unfreezing, at a lower rate where the optimizer has one', () => {
    const whole = unfreeze(freeze(of(3), /^(?!head\/)/), /^hidden0\//)
    expect(train(whole)).toEqual(train())
    const slow = chain(
      sgd({ learningRate: 0.1 }),
      scaleByParameter(({ name }) => (name.startsWith('head/') ? 1 : 0.001)),
    )
    const [fine, full] = [train(whole, slow), train(whole)]
    expect(fine['hidden0/kernel']).toBeGreaterThan(0)
    expect(fine['hidden0/kernel']).toBeLessThan(0.002 * (full['hidden0/kernel'] ?? 0))
    expect(fine['head/kernel']).toBeGreaterThan(0.5 * (full['head/kernel'] ?? Number.NaN))
  })

  test('of nothing is refused', () => {
    expect(thrownBy(() => freeze(of(3), /^body/))).toMatchObject({ code: 'model.invalid', path: '/^body/' })
    expect(thrownBy(() => unfreeze(of(3), /^body/)).code).toBe('model.invalid')
  })
})
