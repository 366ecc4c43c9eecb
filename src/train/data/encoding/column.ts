import { DynotuneError } from '../../../errors.ts'

/** @throws DynotuneError `data.invalid` when the table does not have the column that its schema names */
export function columnOf<Values>(columns: { readonly [column: string]: Values }, column: string): Values {
  const values = Object.hasOwn(columns, column) ? columns[column] : undefined
  if (values !== undefined) return values
  throw new DynotuneError('data.invalid', `The table has no column "${column}" of that kind.`, {
    path: `schema.${column}`,
    value: Object.keys(columns),
  })
}
