import type { Parameter } from '../parameter.ts'
import type { Initializer } from './initializers.ts'
import { normalInit } from './initializers.ts'

/**
 * A table with a row for each id of an input, looked up by `forward.embedding(name)`.
 * @param input the name of the input with the ids, integers in [0, rows)
 * @param init default: normal with deviation 1 / √width, so that the vectors begin with length one or so
 */
export function embeddingParameters(
  name: string,
  rows: number,
  width: number,
  input: string,
  init: Initializer = normalInit(1 / Math.sqrt(width)),
): Parameter[] {
  const shape = [rows, width]
  return [{ name, role: 'embedding', shape, input, init: (random) => init(shape, random) }]
}
