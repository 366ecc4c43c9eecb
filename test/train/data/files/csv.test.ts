import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TableSchema } from '../../../../src/train/data/encoding/table.ts'
import { type CsvOptions, readCsv } from '../../../../src/train/data/files/csv.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'

const SCHEMA: TableSchema = {
  label: { column: 'bought' },
  numeric: { age: {} },
  categorical: { city: {} },
  text: { column: 'review', length: 4 },
}

function writer() {
  const file = join(temporaryFolder(), 'table.csv')
  return (content: string | Buffer) => {
    writeFileSync(file, content)
    return file
  }
}

describe('a file of comma-separated values', () => {
  test('gives the columns of the schema by the names of its first line, whatever else it has', () => {
    const file = writer()(`\ufeffid,age,city,review,bought
1, 30 ,Ulm,"good, ""really"" good",yes

2,1e1,"New
York",?,no\r
3,,?, fine ,yes`)
    const table = readCsv(file, SCHEMA)
    expect(table).toEqual({
      rows: 3,
      schema: SCHEMA,
      numbers: { age: Float64Array.of(30, 10, Number.NaN) },
      strings: {
        city: ['Ulm', 'New\nYork', ''],
        review: ['good, "really" good', '', 'fine'],
        bought: ['yes', 'no', 'yes'],
      },
    })
  })

  test('may have no header, another delimiter, another sign for what is missing, and be packed', () => {
    const file = writer()(gzipSync('1;-\n2;x\n'))
    const schema: TableSchema = { label: { column: 'y', kind: 'number' }, categorical: { x: {} } }
    const options: CsvOptions = { columns: ['y', 'x'], delimiter: ';', missing: '-' }
    const { numbers, strings } = readCsv(file, schema, options)
    expect([numbers, strings]).toEqual([{ y: Float64Array.of(1, 2) }, { x: ['', 'x'] }])
  })

  test('is read as it was written, quotes, commas and line ends in fields included', () => {
    const write = writer()
    const cell = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', ' ', 'é', '𝄞') })
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), cell), { minLength: 1 }),
        (rows) => {
          const file = write(['x,s,y', ...rows.map(([x, s]) => `${x},${quote(s)},1`)].join('\n'))
          const schema: TableSchema = { label: { column: 'y' }, numeric: { x: {} }, categorical: { s: {} } }
          const { numbers, strings } = readCsv(file, schema)
          expect([[...(numbers.x ?? [])].map(String), strings.s]).toEqual([
            rows.map(([x]) => String(x)),
            rows.map(([, s]) => s),
          ])
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('what is wrong in a file is named with its line and column:', () => {
  const header = 'age,city,review,bought'
  const row = '1,Ulm,good,yes'
  test.each([
    ['a number', [header, row, 'x1,Ulm,good,yes'], ':3:age', 'x1'],
    ['a number that is not finite', [header, 'Infinity,Ulm,good,yes'], ':2:age', 'Infinity'],
    ['a label', [header, row, row, '1,Ulm,good,?'], ':4:bought', '?'],
    ['too few fields', [header, row, '1,Ulm'], ':3', undefined],
    ['too many fields', [header, '', row, `${row},`], ':4', undefined],
    ['a line after fields of several lines', [header, '1,"Ulm\n\n","a\nb",yes', 'z,"a\nb",good,yes'], ':6:age', 'z'],
    ['a quote inside a field', [header, row, '1,Ulm,go"o"d,yes'], ':3:review', expect.stringContaining('Quote')],
    ['something after a quote', [header, row, '1,"Ulm"x,good,yes'], ':3:city', expect.stringContaining('Quote')],
    ['a quote without end', [header, row, '1,Ulm,"good,yes', row, row], ':3:review', expect.stringContaining('Quote')],
    ['no rows', [header], ':2', undefined],
    ['nothing at all', [], ':1', undefined],
    ['a column of the schema', ['age,city,bought', '1,Ulm,yes'], '', ['age', 'city', 'bought']],
    ['a column that is there twice', ['age,city,age,review,bought', '1,Ulm,2,good,yes'], '', expect.anything()],
  ])('%s', (_what, lines, place, value) => {
    const file = writer()(lines.join('\n'))
    expect(thrownBy(() => readCsv(file, SCHEMA))).toMatchObject({
      code: 'data.invalid',
      path: `${file}${place}`,
      value,
    })
  })
})

test('a file that is not there is missing', () => {
  const file = join(temporaryFolder(), 'absent.csv')
  expect(thrownBy(() => readCsv(file, SCHEMA))).toMatchObject({ code: 'data.missing', path: file })
})
