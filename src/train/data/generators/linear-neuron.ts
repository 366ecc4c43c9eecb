import { createRandom } from '../../../numerics/random.ts'
import { drawTargets, type Generated, type GeneratorOptions } from './generated.ts'

export interface LinearNeuronOptions extends GeneratorOptions {
  readonly weights: readonly number[]
  /** Default 0. */
  readonly bias?: number
  /** Standard deviation of what is added to the targets. Default 0. */
  readonly noise?: number
}

export interface LinearNeuronTruth {
  readonly weights: readonly number[]
  readonly bias: number
  /** No model has a lower mean squared error than its square. */
  readonly noise: number
}

/** y = w x + b + noise, with x standard normal. */
export function linearNeuron(options: LinearNeuronOptions): Generated<LinearNeuronTruth> {
  const { rows, seed = 0, weights, bias = 0, noise = 0 } = options
  const random = createRandom(seed, 0, 'linear-neuron')
  const dataset = drawTargets(rows, weights.length, (features) => {
    let y = bias
    weights.forEach((weight, i) => {
      features[i] = random.normal()
      y += weight * (features[i] ?? 0)
    })
    return y + noise * random.normal()
  })
  return { dataset, truth: { weights, bias, noise } }
}
