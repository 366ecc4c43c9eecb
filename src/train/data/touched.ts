import { sizeOf } from '../../numerics/size-of.ts'
import type { Column } from './dataset.ts'

/** Which rows of an embedding table the ids of some examples touch. */
export interface Touched {
  /** The ids, each once. */
  readonly ids: Int32Array
  /** For each id of the examples, row by row, where it is in `ids`. */
  readonly places: Int32Array
  /** The shape of one example's ids. */
  readonly shape: readonly number[]
}

/** Of the given rows of a column of ids, which are not negative. */
export function touchedBy(column: Column, rows: readonly number[]): Touched {
  const size = sizeOf(column.shape)
  const known = workspaceOf(column)
  const places = new Int32Array(rows.length * size)
  const ids = new Int32Array(places.length)
  let count = 0
  rows.forEach((row, i) => {
    for (let j = 0; j < size; j++) {
      const id = column.values[row * size + j] ?? 0
      let place = known[id] ?? -1
      // What an earlier batch left there does not lead back to the id.
      if (place < 0 || place >= count || ids[place] !== id) {
        place = count++
        known[id] = place
        ids[place] = id
      }
      places[i * size + j] = place
    }
  })
  return { ids: ids.slice(0, count), places, shape: column.shape }
}

/** A number for every id, written over by every batch: a map would take most of a small step's time. */
const workspaces = new WeakMap<Column, Int32Array>()

function workspaceOf(column: Column): Int32Array {
  const known = workspaces.get(column)
  if (known) return known
  let largest = 0
  for (const id of column.values) largest = Math.max(largest, id)
  const workspace = new Int32Array(largest + 1)
  workspaces.set(column, workspace)
  return workspace
}
