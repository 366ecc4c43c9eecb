import fc from 'fast-check'
import { expect, test } from 'vitest'
import { touchedBy } from '../../../src/train/data/touched.ts'

test('touched ids come once each, and their places lead back to the ids of the rows', () => {
  const cases = fc.record({
    ids: fc.array(fc.nat(9), { minLength: 6, maxLength: 30 }),
    width: fc.integer({ min: 1, max: 3 }),
    picks: fc.array(fc.nat(100), { maxLength: 12 }),
  })
  fc.assert(
    fc.property(cases, ({ ids, width, picks }) => {
      const count = Math.floor(ids.length / width)
      const rows = picks.map((pick) => pick % count)
      const touched = touchedBy({ values: Int32Array.from(ids), shape: [width] }, rows)
      const expected = rows.flatMap((row) => ids.slice(row * width, (row + 1) * width))
      expect([...touched.places].map((place) => touched.ids[place])).toEqual(expected)
      expect(new Set(touched.ids).size).toBe(touched.ids.length)
      expect([...touched.ids].every((id) => expected.includes(id))).toBe(true)
      expect(touched.shape).toEqual([width])
    }),
  )
})
