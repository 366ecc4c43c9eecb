import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { fill, leaf } from '../../engine/fusion/expression.ts'
import { expressionsIn, mapExpressions, type Tree, tensorsIn } from '../../engine/fusion/realize.ts'
import { replaceRows } from '../../engine/replace-rows.ts'
import type { Tf } from '../../study/engine.ts'
import type { ParameterInfo } from '../parameter.ts'
import type { Optimized } from './optimized.ts'
import type { Transformation } from './transformation.ts'

/** Touched tables, by their places among the parameters. */
export type TouchedTables = ReadonlyMap<number, TouchedRows>

export interface TouchedRows {
  /** Their numbers: int32, each once. */
  readonly ids: Tensor1D
  /** The rows themselves, where they have been gathered already; a step disposes them. Default: they are gathered. */
  readonly values?: Tensor
}

/**
 * Of each expression in an optimizer's state, in order, the table whose rows it has, as a place among the parameters:
 * found by what becomes longer when a table has one row more.
 */
export function tablesOfState(
  optimizer: Transformation,
  about: readonly ParameterInfo[],
): readonly (number | undefined)[] {
  const lengths = (longer?: number) => {
    const params = about.map((info, i) => {
      const [rows = 0, ...rest] = info.shape
      const shape = i === longer ? [rows + 1, ...rest] : info.shape
      return { ...info, shape, value: fill(shape, 0) }
    })
    return expressionsIn(optimizer.init(params)).map(({ shape }) => shape[0])
  }
  const before = lengths()
  const owners: (number | undefined)[] = before.map(() => undefined)
  about.forEach(({ role }, table) => {
    if (role !== 'embedding') return
    lengths(table).forEach((length, i) => {
      if (length !== before[i]) owners[i] = table
    })
  })
  return owners
}

/** Parameters and state with only the touched rows of tables: new tensors, the others shared. */
export function takeTableRows(tf: Tf, optimized: Optimized, touched: TouchedTables): Optimized {
  const take = (tensor: Tensor, table: number | undefined) => {
    const found = table === undefined ? undefined : touched.get(table)
    return found ? tf.gather(tensor, found.ids) : tensor
  }
  return {
    ...optimized,
    params: optimized.params.map((tensor, i) => touched.get(i)?.values ?? take(tensor, i)),
    state: mapTensors(optimized, optimized.state, take),
  }
}

/** `whole` with the rows of `part` put back, in place: the tables of `whole` must not be read any more. */
export function putTableRows(tf: Tf, whole: Optimized, part: Optimized, touched: TouchedTables): Optimized {
  // A tensor in two places would be written twice: with a clone of it alive, each writes into a copy.
  const held = [...whole.params, ...tensorsIn(whole.state)]
  const clones = held.filter((tensor, i) => held.indexOf(tensor) < i).map((tensor) => tensor.clone())
  const spent: Tensor[] = []
  const put = (before: Tensor | undefined, after: Tensor, table: number | undefined) => {
    const found = table === undefined ? undefined : touched.get(table)
    if (!found || !before) return after
    spent.push(after)
    return replaceRows(tf, before, found.ids, after)
  }
  const states = expressionsIn(whole.state).map(({ node }) => (node.kind === 'tensor' ? node.tensor : undefined))
  let next = 0
  const params = part.params.map((tensor, i) => put(whole.params[i], tensor, i))
  const state = mapTensors(part, part.state, (tensor, table) => put(states[next++], tensor, table))
  tf.dispose([clones, spent])
  return { ...part, params, state }
}

/** The same state with other tensors, asked for in order with the tables that they belong to. */
function mapTensors(
  { tables }: Optimized,
  state: Tree,
  map: (tensor: Tensor, table: number | undefined) => Tensor,
): Tree {
  let next = 0
  return mapExpressions(state, (expression) => {
    const table = tables[next++]
    return expression.node.kind === 'tensor' ? leaf(map(expression.node.tensor, table)) : expression
  })
}
