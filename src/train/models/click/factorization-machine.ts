import { factorization } from '../../layers/factorization.ts'
import type { Model } from '../model.ts'
import type { ClickData } from './data.ts'
import { fieldVectors } from './field-vectors.ts'
import { firstOrder } from './first-order.ts'
import { validate } from './validate.ts'

export interface FactorizationMachineConfig {
  /** Width of the vectors. */
  readonly embedding: number
}

/**
 * Factorization machine of degree two: w₀ + Σ wᵢ xᵢ + Σᵢ<ⱼ ⟨vᵢ, vⱼ⟩ xᵢ xⱼ. Rendle, ICDM 2010, eq. 1.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function factorizationMachine({ embedding }: FactorizationMachineConfig, data: ClickData): Model {
  validate('factorizationMachine', { embedding }, data)
  const linear = firstOrder(data)
  const vectors = fieldVectors(embedding, data)
  return {
    parameters: [...linear.parameters, ...vectors.parameters],
    apply: (forward, inputs) =>
      forward.tf.add(linear.apply(forward, inputs), factorization(forward, vectors.apply(forward, inputs))),
  }
}
