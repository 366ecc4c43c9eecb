import { sizeOf } from '../../numerics/size-of.ts'
import { isTrained } from '../parameter.ts'
import type { Model } from './model.ts'

/** Trained numbers of a model: of all its parameters, or of those that are no embeddings. */
export function countParameters({ parameters }: Model, { embeddings = true } = {}): number {
  return parameters
    .filter((parameter) => isTrained(parameter) && (embeddings || parameter.role !== 'embedding'))
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}
