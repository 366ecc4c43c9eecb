import type { Dataset } from '../dataset.ts'
import { readByteTable } from './byte-table.ts'
import { invalidCell } from './invalid-cell.ts'

/** The letters of the classes in their order: J and Z are drawn in the air, so that no image can show them. */
export const SIGN_LETTERS = 'ABCDEFGHIKLMNOPQRSTUVWXY'

const SIDE = 28
const PIXELS = SIDE * SIDE

/**
 * Hands that sign letters, from a file of the Sign Language MNIST form: a header, then lines of a label, 0 for A to 25
 * for Z, and 784 pixels from 0 to 255. `features` are [28, 28, 1] in [0, 1], labels the 24 classes of `SIGN_LETTERS`.
 * The file for training and the one for testing are read one at a time.
 * @param file plain or gzip
 * @throws DynotuneError `data.missing`; `data.invalid` with the line and the column of what is wrong
 */
export function loadSignLetters(file: string | URL): Dataset {
  const remedy = 'name a file such as sign_mnist_train.csv'
  const { rows, values } = readByteTable(file, { columns: 1 + PIXELS, header: true, remedy })
  const features = new Float32Array(rows * PIXELS)
  const labels = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    const [label = 0] = values.subarray(row * (1 + PIXELS))
    const letter = String.fromCharCode('A'.charCodeAt(0) + label)
    labels[row] = SIGN_LETTERS.indexOf(letter)
    if (labels[row] === -1) {
      throw invalidCell({ file, line: row + 2, column: 'label' }, 'A label is not that of a letter.', label)
    }
    for (let i = 0; i < PIXELS; i++) features[row * PIXELS + i] = (values[row * (1 + PIXELS) + 1 + i] ?? 0) / 255
  }
  return {
    rows,
    inputs: { features: { values: features, shape: [SIDE, SIDE, 1] } },
    labels: { values: labels, shape: [] },
  }
}
