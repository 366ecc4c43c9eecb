import { DynotuneError } from '../../errors.ts'
import type { Dataset } from './dataset.ts'
import { readByteTable } from './files/byte-table.ts'
import { invalidCell } from './files/invalid-cell.ts'

const ROWS = 1797
const WIDTH = 64
const CLASSES = 10
const DARKEST = 16

/**
 * The handwritten digits that Dynotune ships: 1,797 rows of 8x8 pixels scaled to [0, 1] as `features`, ten classes. Source
 * and licence are in `README.md` beside the file.
 * @param file another copy of the file
 * @throws DynotuneError `data.missing` when it cannot be read, `data.invalid` when it is not what it should be
 */
export function loadDigits(file: string | URL = new URL('./digits.csv.gz', import.meta.url)): Dataset {
  const remedy = 'install dynotune anew: the file is part of it'
  const { rows, values } = readByteTable(file, { columns: WIDTH + 1, remedy })
  if (rows !== ROWS) {
    throw new DynotuneError('data.invalid', `The file of the digits has ${rows} lines instead of ${ROWS}.`, {
      path: String(file),
      remedy,
    })
  }
  const features = new Float32Array(ROWS * WIDTH)
  const labels = new Int32Array(ROWS)
  values.forEach((value, i) => {
    const [row, column] = [Math.floor(i / (WIDTH + 1)), i % (WIDTH + 1)]
    const highest = column === WIDTH ? CLASSES - 1 : DARKEST
    if (value > highest) {
      throw invalidCell({ file, line: row + 1, column: column + 1 }, `A number is above ${highest}.`, value)
    }
    if (column === WIDTH) labels[row] = value
    else features[row * WIDTH + column] = value / DARKEST
  })
  return {
    rows: ROWS,
    inputs: { features: { values: features, shape: [WIDTH] } },
    labels: { values: labels, shape: [] },
  }
}
