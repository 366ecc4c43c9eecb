import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { forward } from '../../../src/train/models/forward.ts'
import { freeze } from '../../../src/train/models/freeze.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { isTrained } from '../../../src/train/parameter.ts'
import { disposeTraining, startTraining, trainStep } from '../../../src/train/step.ts'
import { initialWeights, toTensors } from '../../../src/train/weights.ts'
import { expectGradients, variedWeights } from '../layers/expect-gradients.ts'
import { MODEL_CASES } from './cases.ts'

const stream = (purpose: string) => createRandom(0, 0, purpose)

describe.each(MODEL_CASES)('$name', ({ model, task, differs, batch }) => {
  let tf: Tf
  beforeAll(async () => {
    tf = await (await createEngine('cpu')).load()
  })

  /** Outputs for the batch, and what becomes of statistics. */
  function run(weights = variedWeights(model), training = false, seed = 0) {
    return tf.tidy(() => {
      const { inputs } = batch(tf)
      const updated: string[] = []
      const random = training ? { random: createRandom(seed, 0, 'training') } : {}
      const given = forward(tf, model, toTensors(tf, weights), inputs, {
        onUpdate: (name) => updated.push(name),
        ...random,
      })
      return { outputs: [...model.apply(given, inputs).dataSync()], updated }
    })
  }

  test('names each parameter once and begins with its shape', () => {
    const names = model.parameters.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, shape, values } of initialWeights(model, stream)) {
      expect(values.length, name).toBe(shape.reduce((size, length) => size * length, 1))
      expect(values.every(Number.isFinite), name).toBe(true)
    }
  })

  test('has gradients that are slopes of the loss', () => {
    tf.tidy(() => {
      const { inputs, labels } = batch(tf)
      expectGradients(tf, model, { inputs, training: true, loss: (outputs) => task.loss(tf, outputs, labels) })
    })
  })

  test(differs ? 'computes something else while training' : 'computes the same while training', () => {
    const evaluated = run()
    const trained = run(variedWeights(model), true)
    if (differs) expect(trained.outputs).not.toEqual(evaluated.outputs)
    else expect(trained.outputs).toEqual(evaluated.outputs)
    expect(run(variedWeights(model), true).outputs).toEqual(trained.outputs)
    expect(evaluated.updated).toEqual([])
    const statistics = model.parameters.filter(({ role }) => role === 'statistic').map(({ name }) => name)
    expect(new Set(trained.updated)).toEqual(new Set(statistics))
  })

  test('learns, keeps what is frozen, and leaves no tensor', () => {
    const last = model.parameters.findLast(isTrained)
    // A model of one parameter has nothing to spare.
    const frozen = model.parameters.length > 1 ? freeze(model, new RegExp(`^${last?.name}$`)) : model
    const training = { model: frozen, task, optimizer: adam({ learningRate: 0.02 }) }
    const weights = initialWeights(model, stream)
    const before = tf.memory().numTensors
    let state = startTraining(tf, training, weights)
    const lossOf = () =>
      tf.tidy(() => {
        const { inputs, labels } = batch(tf)
        const given = forward(tf, model, state.params, inputs, { random: stream('loss') })
        return task.loss(tf, model.apply(given, inputs), labels).dataSync()[0] ?? Number.NaN
      })
    const start = lossOf()
    for (let step = 0; step < 40; step++)
      state = trainStep(tf, training, state, () => batch(tf), stream(`step ${step}`))
    expect(lossOf()).toBeLessThan(0.95 * start)
    state.params.forEach((tensor, i) => {
      const { name = '' } = model.parameters[i] ?? {}
      const moved = tensor.dataSync().some((value, n) => value !== weights[i]?.values[n])
      expect(moved, name).toBe(frozen.parameters[i]?.frozen !== true)
    })
    disposeTraining(state)
    expect(tf.memory().numTensors).toBe(before)
  })
})
