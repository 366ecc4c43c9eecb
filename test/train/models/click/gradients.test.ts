import type { Tensor } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { createEngines } from '../../../../src/engine/engine.ts'
import { createRandom } from '../../../../src/numerics/random.ts'
import type { Tf } from '../../../../src/study/engine.ts'
import type { ClickData } from '../../../../src/train/models/click/data.ts'
import { type ForwardOptions, forward } from '../../../../src/train/models/forward.ts'
import type { Model } from '../../../../src/train/models/model.ts'
import { DATA, drawnParams, models, rowsOf } from './small-models.ts'

const ROWS = 6
const STEP = 2e-3

const engine = createEngines()
/** The engine's operations, and the engine in use. */
const load = async (name: 'cpu' | 'wasm') => (await engine(name)).engine.load()

/** A model of these data with drawn parameters, and a weighted sum of its logits. */
function applied(tf: Tf, model: Model, data: ClickData) {
  const inputs = rowsOf(tf, data, ROWS)
  const params = drawnParams(tf, model)
  const weights = tf.tensor(Float32Array.from({ length: ROWS }, createRandom(2, 0, 'cotangent').normal), [ROWS, 1])
  const logits = (values: Tensor[], options?: ForwardOptions) =>
    model.apply(forward(tf, model, values, inputs, options), inputs)
  const sum = (values: Tensor[], options?: ForwardOptions) =>
    tf.sum(tf.mul(logits(values, options), weights)).asScalar()
  const gradients = () => tf.grads((...values: Tensor[]) => sum(values))(params)
  return { params, logits: () => logits(params), sum, gradients }
}

/** The sum, and which activations are exactly zero: they tell on which side of the kinks of all rectifiers it was taken. */
function evaluate(sum: (options: ForwardOptions) => Tensor): { value: number; sides: string } {
  let sides = ''
  const onObserve = (_: string, activation: Tensor) => {
    sides += activation
      .dataSync()
      .map((value) => (value === 0 ? 0 : 1))
      .join('')
  }
  return { value: sum({ onObserve }).dataSync()[0] ?? Number.NaN, sides }
}

/** The slope along a random direction by central differences; another direction where a kink lies between the two. */
function measureSlope(tf: Tf, x: Tensor, purpose: string, sum: (moved: Tensor, options: ForwardOptions) => Tensor) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const random = createRandom(3, attempt, purpose)
    const direction = tf.tensor(Float32Array.from({ length: x.size }, random.normal), x.shape)
    const at = (step: number) => evaluate((options) => sum(tf.add(x, tf.mul(direction, step)), options))
    const [below, above] = [at(-STEP), at(STEP)]
    if (below.sides === above.sides) return { direction, measured: (above.value - below.value) / (2 * STEP) }
  }
  throw new Error(`there is a kink in every direction of ${purpose}`)
}

const cases = Object.entries(models).flatMap(([name, build]) =>
  Object.entries<ClickData>(DATA)
    .filter(([kind]) => kind !== 'features' || !['DLRM', 'CAN'].includes(name))
    .map(([kind, data]) => [name, kind, build(data), data] as const),
)

describe.each(cases)('%s of %s', (_name, _kind, model, data) => {
  test('has gradients that agree with finite differences', async () => {
    const tf = await load('cpu')
    tf.tidy(() => {
      const { params, sum, gradients } = applied(tf, model, data)
      const computed = gradients()
      for (const [i, { name, shape, role }] of model.parameters.entries()) {
        if (role === 'statistic') continue
        const { direction, measured } = measureSlope(tf, params[i] ?? expect.fail(), name, (moved, options) =>
          sum(params.with(i, moved), options),
        )
        const gradient = computed[i] ?? expect.fail()
        const slope = tf.sum(tf.mul(gradient, direction)).dataSync()[0] ?? Number.NaN
        const length = tf.norm(gradient).dataSync()[0] ?? Number.NaN
        expect(gradient.shape, name).toEqual(shape)
        expect(Math.abs(slope - measured), `${name}: ${slope}, measured ${measured}`).toBeLessThan(0.01 * length + 2e-3)
      }
    })
  })

  test('computes on wasm what it does on cpu, a logit for each row, and leaves no tensor', async () => {
    const compute = async (name: 'cpu' | 'wasm') => {
      const tf = await load(name)
      const { numTensors } = tf.memory()
      const values = tf.tidy(() => {
        const { logits, gradients } = applied(tf, model, data)
        const output = logits()
        expect(output.shape).toEqual([ROWS, 1])
        return [output, ...gradients()].map((tensor) => [...tensor.dataSync()])
      })
      expect(tf.memory().numTensors).toBe(numTensors)
      return values
    }
    const [cpu, wasm] = [await compute('cpu'), await compute('wasm')]
    expect(wasm.length).toBe(1 + model.parameters.length)
    for (const [i, values] of cpu.entries()) {
      for (const [j, value] of values.entries()) {
        expect(Math.abs((wasm[i]?.[j] ?? Number.NaN) - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)))
      }
    }
  })
})
