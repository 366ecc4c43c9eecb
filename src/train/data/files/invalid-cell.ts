import { DynotuneError } from '../../../errors.ts'

/** Where something is in a file of lines: counted from 1, and a column by its name where it has one. */
export interface CellPlace {
  readonly file: string | URL
  readonly line: number
  readonly column?: string | number
}

/** `data.invalid` with a path that editors open: `file:line:column`. */
export function invalidCell({ file, line, column }: CellPlace, message: string, value?: unknown): DynotuneError {
  return new DynotuneError('data.invalid', message, {
    path: [file, line, column].filter((part) => part !== undefined).join(':'),
    value,
    remedy: 'correct the file',
  })
}
