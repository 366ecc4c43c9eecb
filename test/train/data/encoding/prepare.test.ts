import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepare } from '../../../../src/train/data/encoding/prepare.ts'
import type { Table, TableSchema } from '../../../../src/train/data/encoding/table.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { upTo } from '../numbered.ts'

/** A table of these columns, labelled with the numbers of its rows unless the schema says otherwise. */
function tableOf(
  numbers: { readonly [column: string]: readonly number[] },
  strings: { readonly [column: string]: readonly string[] },
  schema: Partial<TableSchema>,
): Table {
  const rows = Math.max(...[...Object.values(numbers), ...Object.values(strings)].map(({ length }) => length))
  const all = { row: upTo(rows), ...numbers }
  return {
    rows,
    schema: { label: { column: 'row', kind: 'number' }, ...schema },
    numbers: Object.fromEntries(Object.entries(all).map(([column, values]) => [column, Float64Array.from(values)])),
    strings,
  }
}

const NOTHING = Number.NaN

describe('numeric columns', () => {
  test('are standardized by the training rows alone: others may lie anywhere, and what is missing is the mean', () => {
    const table = tableOf({ x: [1, 3, NOTHING, 5, 100, NOTHING] }, {}, { numeric: { x: {} } })
    const { train, validation, test } = prepare(table, { train: [0, 1, 2, 3], validation: [4], test: [5] })
    const deviation = Math.sqrt(8 / 3)
    const expected = [-2 / deviation, 0, 0, 2 / deviation].map(Math.fround)
    expect([...(train.inputs.features?.values ?? [])]).toEqual(expected)
    expect(validation.inputs.features?.values[0]).toBeCloseTo(97 / deviation, 5)
    expect([...(test.inputs.features?.values ?? [])]).toEqual([0])
  })

  test('have mean 0 and deviation 1 in the training part, with and without logarithms', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 50 })
    fc.assert(
      fc.property(values, fc.boolean(), (x, log) => {
        fc.pre(Math.max(...x) - Math.min(...x) > 1)
        const { train } = prepare(tableOf({ x }, {}, { numeric: { x: { log } } }), {
          train: upTo(x.length),
          validation: [],
        })
        const scaled = [...(train.inputs.features?.values ?? [])]
        const mean = scaled.reduce((sum, value) => sum + value, 0) / x.length
        const square = scaled.reduce((sum, value) => sum + value * value, 0) / x.length
        expect(mean).toBeCloseTo(0, 4)
        expect(square).toBeCloseTo(1, 4)
      }),
    )
  })

  test('with logarithms are standardized after sign(x) log(1 + |x|)', () => {
    const table = tableOf({ x: [0, Math.E - 1, 1 - Math.E] }, {}, { numeric: { x: { log: true } } })
    const { train } = prepare(table, { train: [0, 1, 2], validation: [] })
    const deviation = Math.sqrt(2 / 3)
    expect([...(train.inputs.features?.values ?? [])]).toEqual([0, 1 / deviation, -1 / deviation].map(Math.fround))
  })

  test('that are the same everywhere become zeros', () => {
    const { train, validation } = prepare(tableOf({ x: [7, 7, 7, 7] }, {}, { numeric: { x: {} } }), {
      train: [0, 1, 2],
      validation: [3],
    })
    expect([...(train.inputs.features?.values ?? []), ...(validation.inputs.features?.values ?? [])]).toEqual([
      0, 0, 0, 0,
    ])
  })

  test('may be sorted into bins of equally many training rows, with an id for what is missing', () => {
    const x = [5, 1, 8, 3, 2, 7, 6, 4, -9, 99, NOTHING]
    const { train, validation, encoding } = prepare(tableOf({ x }, {}, { numeric: { x: { bins: 4 } } }), {
      train: upTo(8),
      validation: [8, 9, 10],
    })
    expect([...(train.inputs.categories?.values ?? [])]).toEqual([3, 1, 4, 2, 1, 4, 3, 2])
    expect([...(validation.inputs.categories?.values ?? [])]).toEqual([1, 4, 0])
    expect(encoding).toMatchObject({ features: [], fields: [{ column: 'x', start: 0, size: 5 }] })
    expect(train.inputs.features).toBeUndefined()
  })

  test('with many equal values have fewer bins, none of them empty', () => {
    const x = [0, 0, 0, 0, 0, 0, 1, 2]
    const { train, encoding } = prepare(tableOf({ x }, {}, { numeric: { x: { bins: 4 } } }), {
      train: upTo(8),
      validation: [],
    })
    const ids = new Set(train.inputs.categories?.values)
    expect(ids).toEqual(new Set([1, 2]))
    expect(encoding.fields[0]?.size).toBe(3)
  })
})

describe('categorical columns', () => {
  test('have ids by frequency in the training rows, distinct across fields, one for what is unseen or missing', () => {
    const schema = { categorical: { city: {}, colour: {} } }
    const table = tableOf(
      {},
      { city: ['Ulm', 'Bonn', 'Ulm', 'Köln', ''], colour: ['red', 'red', 'blue', 'red', 'blue'] },
      schema,
    )
    const { train, validation, encoding } = prepare(table, { train: [0, 1, 2], validation: [3, 4] })
    expect(encoding.fields).toEqual([
      { column: 'city', start: 0, size: 3 },
      { column: 'colour', start: 3, size: 3 },
    ])
    expect([...(train.inputs.categories?.values ?? [])]).toEqual([1, 4, 2, 4, 1, 5])
    expect([...(validation.inputs.categories?.values ?? [])]).toEqual([0, 4, 0, 5])
  })

  test('may leave rare values out', () => {
    const city = ['a', 'a', 'a', 'b', 'b', 'c']
    const sizeWith = (options: object) => {
      const table = tableOf({}, { city }, { categorical: { city: options } })
      return prepare(table, { train: upTo(6), validation: [] }).encoding.fields[0]?.size
    }
    expect([sizeWith({}), sizeWith({ minCount: 2 }), sizeWith({ maxSize: 1 })]).toEqual([4, 3, 2])
  })

  test('may be hashed, into buckets that fill evenly and do not depend on the data', () => {
    const city = upTo(4000).map((i) => `city ${i}`)
    const idsOf = (train: readonly number[], validation: readonly number[]) => {
      const table = tableOf({}, { city }, { categorical: { city: { buckets: 8 } } })
      return prepare(table, { train, validation }).validation.inputs.categories?.values ?? []
    }
    const ids = idsOf([0], upTo(4000).slice(1))
    expect([...idsOf(upTo(3999), [3999])]).toEqual([ids[3998]])
    const counts = upTo(8).map((bucket) => ids.filter((id) => id === bucket).length)
    // Chi-squared with 7 degrees of freedom: above 24.3 once in a thousand.
    expect(counts.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0)).toBeLessThan(24.3)
  })
})

describe('labels', () => {
  test('are classes in sorted order, or in that of the schema; or numbers', () => {
    const strings = { y: ['no', 'yes', 'maybe'], x: ['a', 'b', 'c'] }
    const parts = { train: [0, 1], validation: [2] }
    const prepared = (label: TableSchema['label']) =>
      prepare(tableOf({}, strings, { label, categorical: { x: {} } }), parts)
    expect(prepared({ column: 'y' }).encoding.classes).toEqual(['maybe', 'no', 'yes'])
    expect(prepared({ column: 'y' }).train.labels).toEqual({ values: Int32Array.of(1, 2), shape: [] })
    expect([...prepared({ column: 'y', classes: ['no', 'yes', 'maybe'] }).validation.labels.values]).toEqual([2])
    const numbers = prepared({ column: 'row', kind: 'number' })
    expect([numbers.encoding.classes, numbers.validation.labels.values]).toEqual([[], Float32Array.of(2)])
    expect(thrownBy(() => prepared({ column: 'y', classes: ['no', 'yes'] }))).toMatchObject({
      code: 'data.invalid',
      path: 'y.2',
      value: 'maybe',
    })
  })
})

test('a text column gives tokens: words of training rows, padded on the left, the last ones of long texts', () => {
  const review = ['Good, good!', 'bad', '', 'Good and not bad at all']
  const table = tableOf({}, { review }, { text: { column: 'review', length: 4, maxSize: 3 } })
  const { train, validation, encoding } = prepare(table, { train: [0, 1, 2], validation: [3] })
  expect(encoding.words?.list).toEqual(['<padding>', '<unknown>', '<end>', 'good', '!', ','])
  expect(train.inputs.tokens).toEqual({ values: Int32Array.of(3, 5, 3, 4, 0, 0, 0, 1, 0, 0, 0, 0), shape: [4] })
  expect([...(validation.inputs.tokens?.values ?? [])]).toEqual([1, 1, 1, 1])
})

test('nothing of the other parts changes what the training part becomes', () => {
  const row = fc.record({
    x: fc.double({ noNaN: true, noDefaultInfinity: true }),
    s: fc.constantFrom('a', 'b', 'c', ''),
  })
  const rows = (minLength: number) => fc.array(row, { minLength, maxLength: 20 })
  const schema = {
    numeric: { x: {}, x2: { bins: 3 } },
    categorical: { s: {} },
    text: { column: 't', length: 2 },
  }
  fc.assert(
    fc.property(rows(1), rows(0), rows(0), (train, one, other) => {
      const withOthers = (others: typeof train) => {
        const all = [...train, ...others]
        const x = all.map((each) => each.x)
        const table = tableOf({ x, x2: x }, { s: all.map(({ s }) => s), t: all.map(({ s }) => s) }, schema)
        return prepare(table, { train: upTo(train.length), validation: upTo(all.length).slice(train.length) })
      }
      const [first, second] = [withOthers(one), withOthers(other)]
      expect(first.train).toEqual(second.train)
      expect({ ...first.encoding, words: first.encoding.words?.list }).toEqual({
        ...second.encoding,
        words: second.encoding.words?.list,
      })
    }),
  )
})

test('parts that overlap, leave the table or have nothing to learn from are refused', () => {
  const table = tableOf({ x: [1, 2, 3] }, {}, { numeric: { x: {} } })
  for (const [parts, path] of [
    [{ train: [0, 1], validation: [1] }, 'parts'],
    [{ train: [0, 0], validation: [1] }, 'parts'],
    [{ train: [0], validation: [1], test: [3] }, 'parts'],
    [{ train: [], validation: [1] }, 'parts.train'],
  ] as const) {
    expect(thrownBy(() => prepare(table, parts))).toMatchObject({ code: 'data.invalid', path })
  }
  const other = { ...table, schema: { ...table.schema, numeric: { height: {} } } }
  expect(thrownBy(() => prepare(other, { train: [0], validation: [] }))).toMatchObject({ path: 'schema.height' })
})

test('a schema that uses a column twice, or counts that cannot be, are refused', () => {
  const refused = (schema: Partial<TableSchema>) =>
    thrownBy(() => prepare(tableOf({ x: [1, 2] }, { s: ['a', 'b'] }, schema), { train: [0], validation: [1] })).path
  expect(refused({ numeric: { row: {} } })).toBe('schema.row')
  expect(refused({ categorical: { s: {} }, text: { column: 's', length: 1 } })).toBe('schema.s')
  expect(refused({ numeric: { x: { bins: 1 } } })).toBe('schema.x.bins')
  expect(refused({ categorical: { s: { buckets: 0 } } })).toBe('schema.s.buckets')
  expect(refused({ text: { column: 's', length: 1.5 } })).toBe('schema.s.length')
})
