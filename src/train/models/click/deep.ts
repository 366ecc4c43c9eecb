import type { Tensor } from '@tensorflow/tfjs-core'
import { activate } from '../../layers/activation.ts'
import { dense, denseParameters } from '../../layers/dense.ts'
import { dropout } from '../../layers/dropout.ts'
import { glorotUniform } from '../../layers/initializers.ts'
import { isCentered, type Norm, norm, normParameters } from '../../layers/norm.ts'
import { project, projectParameters } from '../../layers/project.ts'
import { checkNorm, checkShare } from '../check.ts'
import type { Part } from './part.ts'
import { checkWidths } from './validate.ts'

export interface DeepConfig {
  /** Units of each hidden layer, first to last. */
  readonly hidden: readonly number[]
  /** Before each ReLU. Default none. */
  readonly norm?: Norm
  /** Share of hidden units dropped while training, in [0, 1). Default 0. */
  readonly dropout?: number
}

export interface Deep extends Part<Tensor> {
  /** Width of what comes out. */
  readonly width: number
}

/**
 * The configuration with its defaults, checked.
 * @param hidden what the model calls its hidden layers
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function deepConfig(model: string, config: DeepConfig, hidden = 'hidden'): Required<DeepConfig> {
  const all = { norm: { kind: 'none' }, dropout: 0, ...config } as const
  checkWidths(`${model}.${hidden}`, all.hidden)
  checkNorm(`${model}.norm`, all.norm)
  checkShare(`${model}.dropout`, all.dropout)
  return all
}

/** Dense layers, each with ReLU and dropout: `name0`, `name1`, …; none leaves things as they are. */
export function deep(name: string, inputs: number, config: Required<DeepConfig>): Deep {
  const { hidden, norm: how, dropout: rate } = config
  const [linear, linearParameters] = isCentered(how) ? [project, projectParameters] : [dense, denseParameters]
  const layers = hidden.map((units, i) => ({ layer: `${name}${i}`, units, from: hidden[i - 1] ?? inputs }))
  return {
    width: hidden.at(-1) ?? inputs,
    parameters: layers.flatMap(({ layer, units, from }) => [
      ...linearParameters(layer, from, units),
      ...normParameters(`${layer}/norm`, units, how),
    ]),
    apply(forward, x) {
      let h = x
      for (const { layer } of layers) {
        const normalized = norm(forward, `${layer}/norm`, linear(forward, layer, h), how)
        h = dropout(forward, activate(forward, layer, normalized, 'relu'), rate)
      }
      return h
    },
  }
}

/** Dense layers as `deep` makes them, and one unit without activation on top, `head`: [rows, 1]. */
export function deepLogit(name: string, inputs: number, config: Required<DeepConfig>): Part<Tensor> {
  const below = deep(name, inputs, config)
  return {
    parameters: [...below.parameters, ...denseParameters('head', below.width, 1, glorotUniform)],
    apply: (forward, x) => dense(forward, 'head', below.apply(forward, x)),
  }
}
