import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Engine } from '../../../src/study/engine.ts'
import { gradientsOf } from '../../../src/train/gradients.ts'
import { forward } from '../../../src/train/models/forward.ts'
import { toTensors } from '../../../src/train/weights.ts'
import { findEngine } from '../../helpers/engines.ts'
import { variedWeights } from '../layers/expect-gradients.ts'
import { MODEL_CASES, type ModelCase } from './cases.ts'

/** Outputs at evaluation, the loss while training, its gradients, and the statistics after it. */
async function computedOn(engine: Engine, { model, task, batch }: ModelCase): Promise<number[][]> {
  const tf = await engine.load()
  const { numTensors } = tf.memory()
  const params = toTensors(tf, variedWeights(model))
  const tensors = tf.tidy(() => {
    const examples = batch(tf)
    const random = createRandom(0, 0, 'training')
    const { loss, gradients, statistics } = gradientsOf(tf, model, task, params, examples, { random })
    const outputs = model.apply(forward(tf, model, params, examples.inputs), examples.inputs)
    return [outputs, loss, ...gradients, ...Object.values(statistics)]
  })
  const values = await Promise.all(tensors.map(async (tensor) => [...(await tensor.data())]))
  tf.dispose([params, tensors])
  expect(tf.memory().numTensors).toBe(numTensors)
  return values
}

const reference = await createEngine('cpu')

describe.each(['wasm', 'tensorflow', 'webgpu'] as const)(
  '%s computes what cpu does, and leaves no tensor',
  async (name) => {
    const engine = await findEngine(name)
    test.skipIf(!engine).each(MODEL_CASES)('$name', async (each) => {
      if (!engine) return
      const expected = await computedOn(reference, each)
      const computed = await computedOn(engine, each)
      expect(computed.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
      expected.forEach((values, k) => {
        values.forEach((value, i) => {
          expect(Math.abs((computed[k]?.[i] ?? Number.NaN) - value), `tensor ${k}, number ${i}`).toBeLessThan(1e-4)
        })
      })
    })
  },
)
