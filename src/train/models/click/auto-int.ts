import { dense, denseParameters } from '../../layers/dense.ts'
import { glorotUniform } from '../../layers/initializers.ts'
import { type InteractingConfig, interacting, interactingParameters } from '../../layers/interacting.ts'
import type { Model } from '../model.ts'
import type { ClickData } from './data.ts'
import { fieldVectors } from './field-vectors.ts'
import { flatten } from './inputs.ts'
import { validate } from './validate.ts'

export interface AutoIntConfig extends InteractingConfig {
  /** Width of the vectors. */
  readonly embedding: number
  readonly layers: number
}

/**
 * AutoInt: layers in which the vectors attend to each other, and one unit on all that comes out. Song et al., CIKM 2019.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function autoInt({ embedding, layers, heads, headWidth, residual }: AutoIntConfig, data: ClickData): Model {
  const config = { heads, headWidth, residual }
  validate('autoInt', { embedding, layers, ...config }, data, { residual: [true, false] })
  const vectors = fieldVectors(embedding, data)
  const names = Array.from({ length: layers }, (_, i) => `interacting${i}`)
  return {
    parameters: [
      ...vectors.parameters,
      ...names.flatMap((name, i) => interactingParameters(name, i === 0 ? embedding : heads * headWidth, config)),
      ...denseParameters('head', vectors.count * heads * headWidth, 1, glorotUniform),
    ],
    apply(forward, inputs) {
      let x = vectors.apply(forward, inputs)
      for (const name of names) {
        x = interacting(forward, name, x, config)
        forward.observe(name, x)
      }
      return dense(forward, 'head', flatten(forward, x))
    },
  }
}
