import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../../errors.ts'
import { embeddingParameters } from '../../layers/embedding.ts'
import { type Initializer, normalInit } from '../../layers/initializers.ts'
import type { Parameter } from '../../parameter.ts'
import type { Forward } from '../model.ts'

/** Deviation of vectors at the beginning: that of libFM (Rendle, TIST 2012). */
export const vectorInit = normalInit(0.1)

/** A table with a row for each id of `categories`. */
export function tableParameters(name: string, vocabulary: number, width: number, init: Initializer): Parameter[] {
  return embeddingParameters(name, vocabulary, width, 'categories', init)
}

/**
 * Rows of a table for the ids of a batch: [rows, fields, width].
 * @throws DynotuneError `data.invalid` when the data have another number of fields
 */
export function lookUp(forward: Forward, name: string, fields: number): Tensor {
  const vectors = forward.embedding(name)
  const found = vectors.shape[1]
  if (found === fields) return vectors
  throw new DynotuneError('data.invalid', `The model was made for ${fields} fields of categories a row.`, {
    path: 'categories',
    value: found,
  })
}

/** [rows, ...] to [rows, numbers]. */
export function flatten({ tf }: Pick<Forward, 'tf'>, x: Tensor): Tensor {
  return tf.reshape(x, [x.shape[0] ?? 0, -1])
}
