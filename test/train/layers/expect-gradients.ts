import type { Tensor } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { forward } from '../../../src/train/models/forward.ts'
import type { Forward, Inputs, Model } from '../../../src/train/models/model.ts'
import { isTrained, type Parameter } from '../../../src/train/parameter.ts'
import { initialWeights, toTensors, type Weight } from '../../../src/train/weights.ts'

const STEP = 5e-3

/** A layer as a model whose input `x` is a parameter, so that its gradient is checked too. */
export function layerModel(
  shape: readonly number[],
  parameters: readonly Parameter[],
  apply: (forward: Forward, x: Tensor) => Tensor,
): Model {
  const size = shape.reduce((product, length) => product * length, 1)
  const x: Parameter = {
    name: 'x',
    role: 'kernel',
    shape,
    init: (random) => Float32Array.from({ length: size }, () => random.normal()),
  }
  return { parameters: [...parameters, x], apply: (given) => apply(given, given.parameter('x')) }
}

/** Fresh weights with something added, so that biases are not zero and scales not one. Variances stay positive. */
export function variedWeights(model: Model): Weight[] {
  return initialWeights(model, (purpose) => createRandom(1, 0, purpose)).map(({ name, shape, values }) => {
    const random = createRandom(2, 0, name)
    return { name, shape, values: values.map((value) => value + 0.3 * (random.next() - 0.5)) }
  })
}

export interface Evaluation {
  readonly inputs?: Inputs
  /** Whether the model is applied as in training. Default false. */
  readonly training?: boolean
  /** A scalar of the outputs. Default: the sum of the outputs times numbers that differ. */
  loss?(outputs: Tensor): Tensor
}

/** Expects the gradient of every trained number to be the slope of the loss. */
export function expectGradients(tf: Tf, model: Model, { inputs = {}, training = false, loss }: Evaluation = {}): void {
  const weights = variedWeights(model)
  const trained = model.parameters.map(isTrained)

  function lossOf(params: readonly Tensor[]): Tensor {
    const random = training ? { random: createRandom(3, 0, 'training') } : {}
    const outputs = model.apply(forward(tf, model, params, inputs, random), inputs)
    return loss ? loss(outputs) : tf.sum(tf.mul(outputs, tf.sin(tf.range(1, outputs.size + 1).reshape(outputs.shape))))
  }
  function slopeOf(k: number, i: number): number {
    const at = (delta: number) =>
      tf.tidy(() => {
        const moved = weights.map((weight, j) =>
          j === k ? { ...weight, values: weight.values.map((v, n) => (n === i ? v + delta : v)) } : weight,
        )
        return lossOf(toTensors(tf, moved)).dataSync()[0] ?? Number.NaN
      })
    return (at(STEP) - at(-STEP)) / (2 * STEP)
  }

  const gradients = tf.tidy(() => {
    const params = toTensors(tf, weights)
    const varied = params.filter((_, i) => trained[i])
    const { grads } = tf.valueAndGrads((...values) => {
      let next = 0
      const loss = lossOf(params.map((tensor, i) => (trained[i] ? (values[next++] ?? tensor) : tensor)))
      return loss.asScalar()
    })(varied)
    return grads.map((gradient) => Float32Array.from(gradient.dataSync()))
  })
  let next = 0
  for (const [k, { name, values }] of weights.entries()) {
    if (!trained[k]) continue
    const gradient = gradients[next++] ?? new Float32Array()
    const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(gradient.length, name).toBe(values.length)
    for (let i = 0; i < values.length; i++) {
      const error = Math.abs((gradient[i] ?? Number.NaN) - slopeOf(k, i))
      expect(error, `gradient of ${name}, number ${i}`).toBeLessThan(2e-3 + 0.01 * largest)
    }
  }
}
