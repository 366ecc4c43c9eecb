import { type Encoding, fitEncoding } from './encoding.ts'
import { encodeParts, type PartDatasets, type PartRows, requireParts } from './parts.ts'
import type { Table } from './table.ts'

/**
 * Makes datasets of the parts of a table. All that is learned from data (means, deviations, bins, vocabularies) is learned
 * here, from the rows of `train`, and what is learned is applied to every part: nothing of the other parts can leak into it.
 * @param parts no row may be in two
 * @throws DynotuneError `data.invalid`
 */
export function prepare(
  table: Table,
  parts: Required<PartRows>,
): Required<PartDatasets> & { readonly encoding: Encoding }
export function prepare(table: Table, parts: PartRows): PartDatasets & { readonly encoding: Encoding }
export function prepare(table: Table, parts: PartRows): PartDatasets & { readonly encoding: Encoding } {
  requireParts(table.rows, parts)
  const { encoding, encode } = fitEncoding(table, parts.train)
  return { ...encodeParts(parts, encode), encoding }
}
