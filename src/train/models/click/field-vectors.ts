import { kernel } from '../../layers/parameters.ts'
import { featuresOf } from '../features.ts'
import type { Inputs } from '../model.ts'
import type { ClickData } from './data.ts'
import { lookUp, tableParameters, vectorInit } from './inputs.ts'
import type { Part } from './part.ts'

const TABLE = 'embedding'
const DIRECTIONS = 'numeric/vectors'

export interface FieldVectors extends Part<Inputs> {
  /** Vectors that a row becomes. */
  readonly count: number
}

/**
 * A vector for each feature and field, as factorization machines take them: that of its id for a field, and for a numeric
 * feature one vector of its own, multiplied with the feature. [rows, features + fields, embedding]
 */
export function fieldVectors(embedding: number, { features = 0, fields = 0, vocabulary = 0 }: ClickData): FieldVectors {
  return {
    count: features + fields,
    parameters: [
      ...(features > 0 ? [kernel(DIRECTIONS, [features, embedding], vectorInit)] : []),
      ...(fields > 0 ? tableParameters(TABLE, vocabulary, embedding, vectorInit) : []),
    ],
    apply(forward, inputs) {
      const { tf, parameter } = forward
      const scaled = () => tf.mul(tf.expandDims(featuresOf(tf, inputs, [features]), 2), parameter(DIRECTIONS))
      if (features === 0) return lookUp(forward, TABLE, fields)
      return fields === 0 ? scaled() : tf.concat([scaled(), lookUp(forward, TABLE, fields)], 1)
    },
  }
}
