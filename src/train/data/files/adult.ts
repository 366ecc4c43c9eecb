import { join } from 'node:path'
import type { Table, TableSchema } from '../encoding/table.ts'
import { readCsv } from './csv.ts'
import { type DownloadOptions, downloadFiles } from './download.ts'

/** UCI's own digest is none: this is the one that others have published of the same file. */
const FILE = { name: 'adult.data', md5: '5d7c39d7b8804f071cdd1f2a7c460872' }
const MIRRORS = ['https://archive.ics.uci.edu/ml/machine-learning-databases/adult/']

const COLUMNS = [
  'age',
  'workclass',
  'fnlwgt',
  'education',
  'education-num',
  'marital-status',
  'occupation',
  'relationship',
  'race',
  'sex',
  'capital-gain',
  'capital-loss',
  'hours-per-week',
  'native-country',
  'income',
]

const SCHEMA: TableSchema = {
  label: { column: 'income', classes: ['<=50K', '>50K'] },
  numeric: {
    age: {},
    fnlwgt: {},
    'education-num': {},
    'capital-gain': { log: true },
    'capital-loss': { log: true },
    'hours-per-week': {},
  },
  categorical: {
    workclass: {},
    education: {},
    'marital-status': {},
    occupation: {},
    relationship: {},
    race: {},
    sex: {},
    'native-country': {},
  },
}

/**
 * The census rows of "Adult" (B. Becker, R. Kohavi, 1996; CC BY 4.0), whose label is whether a person earns more than
 * $50,000 a year: 6 numeric and 8 categorical columns. Gains and losses have heavy tails, so their logarithms are taken.
 * @param file `adult.data` as UCI publishes it, plain or gzip
 * @throws DynotuneError `data.missing`, `data.invalid`
 */
export function loadAdult(file: string | URL): Table {
  return readCsv(file, SCHEMA, { columns: COLUMNS })
}

/**
 * Downloads `adult.data`, 4 MB, unless the folder has it already, and compares its digest.
 * @returns the file, for `loadAdult`
 * @throws DynotuneError `data.missing`, `data.invalid`
 */
export async function downloadAdult(folder: string, options: DownloadOptions = {}): Promise<string> {
  await downloadFiles(folder, [FILE], { mirrors: MIRRORS, ...options })
  return join(folder, FILE.name)
}
