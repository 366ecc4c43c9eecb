import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { DynotuneError } from '../../errors.ts'
import type { Dataset } from './dataset.ts'

const ROWS = 1797
const WIDTH = 64
const CLASSES = 10
const DARKEST = 16

/**
 * The handwritten digits that Dynotune ships: 1,797 rows of 8x8 pixels scaled to [0, 1], ten classes. Source and licence
 * are in `README.md` beside the file.
 * @param file another copy of the file
 * @throws DynotuneError `data.missing` when it cannot be read, `data.invalid` when it is not what it should be
 */
export function loadDigits(file: string | URL = new URL('./digits.csv.gz', import.meta.url)): Dataset {
  const lines = unpack(read(file), file).trimEnd().split('\n')
  if (lines.length !== ROWS) throw invalid(file, `it has ${lines.length} lines instead of ${ROWS}`)
  const features = new Float32Array(ROWS * WIDTH)
  const labels = new Int32Array(ROWS)
  lines.forEach((line, row) => {
    const numbers = line.split(',').map(Number)
    const label = numbers.pop() ?? Number.NaN
    if (
      numbers.length !== WIDTH ||
      !numbers.every((x) => isIntegerUpTo(DARKEST, x)) ||
      !isIntegerUpTo(CLASSES - 1, label)
    ) {
      throw invalid(file, `line ${row + 1} is not ${WIDTH} pixels and a label`)
    }
    numbers.forEach((pixel, i) => {
      features[row * WIDTH + i] = pixel / DARKEST
    })
    labels[row] = label
  })
  return { features, labels, rows: ROWS, width: WIDTH, classes: CLASSES }
}

function read(file: string | URL): Uint8Array {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new DynotuneError('data.missing', 'The digits cannot be read.', {
      path: String(file),
      remedy: 'install dynotune anew: the file is part of it',
      cause,
    })
  }
}

function unpack(bytes: Uint8Array, file: string | URL): string {
  try {
    return gunzipSync(bytes).toString('utf8')
  } catch (cause) {
    throw invalid(file, 'it does not unpack', cause)
  }
}

function invalid(file: string | URL, why: string, cause?: unknown): DynotuneError {
  return new DynotuneError('data.invalid', `The file of the digits is not the right one: ${why}.`, {
    path: String(file),
    remedy: 'install dynotune anew: the file is part of it',
    cause,
  })
}

function isIntegerUpTo(high: number, x: number): boolean {
  return Number.isInteger(x) && x >= 0 && x <= high
}
