import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadSignLetters, SIGN_LETTERS } from '../../../../src/train/data/files/sign-letters.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'

const HEADER = ['label', ...Array.from({ length: 784 }, (_, i) => `pixel${i + 1}`)].join()

function write(labels: readonly number[]): string {
  const file = join(temporaryFolder(), 'signs.csv')
  const lines = labels.map((label, row) => [label, ...Array.from({ length: 784 }, (_, i) => (i + row) % 256)].join())
  writeFileSync(file, `${[HEADER, ...lines].join('\n')}\n`)
  return file
}

test('letters are 28x28 pixels in [0, 1], and their classes the 24 without J and Z', () => {
  const labels = Array.from({ length: 25 }, (_, label) => label).filter((label) => label !== 9)
  const dataset = loadSignLetters(write(labels))
  expect(dataset.rows).toBe(24)
  expect([...dataset.labels.values]).toEqual(Array.from({ length: 24 }, (_, i) => i))
  expect(labels.map((label) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[label]).join('')).toBe(SIGN_LETTERS)
  expect(dataset.inputs.features?.shape).toEqual([28, 28, 1])
  const second = dataset.inputs.features?.values.slice(784, 2 * 784) ?? []
  expect([...second]).toEqual(Array.from({ length: 784 }, (_, i) => Math.fround(((i + 1) % 256) / 255)))
})

test('a label of J, of Z or of no letter is named with its line', () => {
  for (const label of [9, 25, 26]) {
    const file = write([0, label])
    expect(thrownBy(() => loadSignLetters(file))).toMatchObject({
      code: 'data.invalid',
      path: `${file}:3:label`,
      value: label,
    })
  }
})
