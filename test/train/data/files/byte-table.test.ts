import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readByteTable } from '../../../../src/train/data/files/byte-table.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'

const OPTIONS = { columns: 3, remedy: 'name another' }

function writer() {
  const file = join(temporaryFolder(), 'table.csv')
  return (content: string | Buffer) => {
    writeFileSync(file, content)
    return file
  }
}

test('a table of bytes is read as it was written, with any line ends, packed or not', () => {
  const write = writer()
  const row = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255))
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      (rows, newline, header, ended, packed) => {
        const lines = [...(header ? ['a,b,c'] : []), ...rows.map(String)].join(newline) + (ended ? newline : '')
        const file = write(packed ? gzipSync(lines) : lines)
        const { rows: count, values } = readByteTable(file, { ...OPTIONS, header })
        expect([count, [...values]]).toEqual([rows.length, rows.flat()])
      },
    ),
    { numRuns: 50 },
  )
})

test('what is no byte, or no full line, is named with its line and column', () => {
  const write = writer()
  const thrownFor = (content: string) => {
    const file = write(content)
    const { code, path, value } = thrownBy(() => readByteTable(file, OPTIONS))
    return [code, path?.slice(file.length), value]
  }
  expect(thrownFor('1,2,3\n4,256,6\n')).toEqual(['data.invalid', ':2:2', '256'])
  expect(thrownFor('1,2,3\n4,5,-6\n')).toEqual(['data.invalid', ':2:3', '-6'])
  expect(thrownFor('1,2,3\n4,,6\n')).toEqual(['data.invalid', ':2:2', ''])
  expect(thrownFor('1,x2,3\n')).toEqual(['data.invalid', ':1:2', 'x2'])
  expect(thrownFor('1,2,3\n\n4,5,6')).toEqual(['data.invalid', ':2:1', ''])
  expect(thrownFor('1,2,3\n4,5\n')).toEqual(['data.invalid', ':2', undefined])
  expect(thrownFor('1,2,3,4\n')).toEqual(['data.invalid', ':1', undefined])
})
