import { featuresOf } from '../features.ts'
import type { Inputs } from '../model.ts'
import type { ClickData } from './data.ts'
import { flatten, lookUp, tableParameters, vectorInit } from './inputs.ts'
import type { Part } from './part.ts'

const TABLE = 'embedding'

export interface FlatInput extends Part<Inputs> {
  /** Numbers that a row becomes. */
  readonly width: number
}

/** What cross and dense layers begin with: numeric features as they are, then the embeddings. [rows, width] */
export function flatInput(embedding: number, { features = 0, fields = 0, vocabulary = 0 }: ClickData): FlatInput {
  return {
    width: features + fields * embedding,
    parameters: fields > 0 ? tableParameters(TABLE, vocabulary, embedding, vectorInit) : [],
    apply(forward, inputs) {
      const { tf } = forward
      if (fields === 0) return featuresOf(tf, inputs, [features])
      const vectors = flatten(forward, lookUp(forward, TABLE, fields))
      return features === 0 ? vectors : tf.concat([featuresOf(tf, inputs, [features]), vectors], 1)
    },
  }
}
