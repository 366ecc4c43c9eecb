import type { CrossLayer } from '../../layers/cross.ts'
import { dense, denseParameters } from '../../layers/dense.ts'
import { glorotUniform } from '../../layers/initializers.ts'
import type { Model } from '../model.ts'
import type { ClickMlpConfig } from './click-mlp.ts'
import type { ClickData } from './data.ts'
import { deep, deepConfig } from './deep.ts'
import { flatInput } from './flat-input.ts'
import { validate } from './validate.ts'

export const STRUCTURES = ['stacked', 'parallel'] as const

export interface CrossNetworkConfig extends ClickMlpConfig {
  readonly crossLayers: number
  /**
   * Dense layers on top of the cross layers, or beside them. Without hidden layers both are the cross layers alone.
   * Default `stacked`.
   */
  readonly structure?: (typeof STRUCTURES)[number]
}

/**
 * Cross layers `cross0`, `cross1`, … on the embeddings and the numeric features, and dense layers.
 * @param model its name in errors
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function crossNetwork(model: string, layer: CrossLayer, config: CrossNetworkConfig, data: ClickData): Model {
  const { embedding, crossLayers, structure = 'stacked' } = config
  const layers = deepConfig(model, config)
  validate(model, { embedding, crossLayers, structure }, data, { structure: STRUCTURES })
  const input = flatInput(embedding, data)
  const names = Array.from({ length: crossLayers }, (_, i) => `cross${i}`)
  const tower = deep('hidden', input.width, layers)
  const isParallel = structure === 'parallel' && layers.hidden.length > 0
  return {
    parameters: [
      ...input.parameters,
      ...names.flatMap((name) => layer.parameters(name, input.width)),
      ...tower.parameters,
      ...denseParameters('head', isParallel ? input.width + tower.width : tower.width, 1, glorotUniform),
    ],
    apply(forward, inputs) {
      const x0 = input.apply(forward, inputs)
      let x = x0
      for (const name of names) {
        x = layer.apply(forward, name, x0, x)
        forward.observe(name, x)
      }
      const top = isParallel ? forward.tf.concat([x, tower.apply(forward, x0)], 1) : tower.apply(forward, x)
      return dense(forward, 'head', top)
    },
  }
}
