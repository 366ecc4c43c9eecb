import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { createBatches, epochBatches } from '../../../src/train/data/batches.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { sorted, upTo } from './numbered.ts'

const streams = (trial: number) => (purpose: string) => createRandom(0, trial, purpose)

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })
const rows = fc.integer({ min: 1, max: 30 })

describe('batches', () => {
  test('have the size asked for, and cover every row once an epoch, whatever the sizes', () => {
    fc.assert(
      fc.property(rows, sizes, (rows, sizes) => {
        const batches = createBatches(rows, streams(1))
        const drawn = sizes.map((size) => batches.next(size))
        expect(drawn.map(({ length }) => length)).toEqual(sizes)
        const all = drawn.flat()
        for (let start = 0; start + rows <= all.length; start += rows) {
          expect(sorted(all.slice(start, start + rows))).toEqual(upTo(rows))
        }
        expect(batches.position).toEqual({ epoch: Math.floor(all.length / rows), offset: all.length % rows })
        // The order does not depend on the sizes.
        expect(createBatches(rows, streams(1)).next(all.length)).toEqual(all)
      }),
    )
  })

  test('go on from a position as if they had never stopped', () => {
    fc.assert(
      fc.property(rows, sizes, sizes, (rows, before, after) => {
        const batches = createBatches(rows, streams(1))
        for (const size of before) batches.next(size)
        const saved: unknown = JSON.parse(JSON.stringify(batches.position))
        expect(saved).toEqual(batches.position)
        const resumed = createBatches(rows, streams(1), batches.position)
        for (const size of after) expect(resumed.next(size)).toEqual(batches.next(size))
      }),
    )
  })

  test('come in another order every epoch, and for every trial', () => {
    const first = (trial: number) => createBatches(100, streams(trial)).next(300)
    expect(first(1)).toEqual(first(1))
    expect(first(1)).not.toEqual(first(2))
    expect(new Set([0, 100, 200].map((start) => String(first(1).slice(start, start + 100)))).size).toBe(3)
  })

  test('that cannot be are refused', () => {
    for (const [path, work] of [
      ['rows', () => createBatches(0, streams(1))],
      ['size', () => createBatches(10, streams(1)).next(0)],
      ['size', () => createBatches(10, streams(1)).next(1.5)],
      ['size', () => epochBatches(10, 0, streams(1), 0)],
      ['from', () => createBatches(10, streams(1), { epoch: 0, offset: 10 })],
      ['from', () => createBatches(10, streams(1), { epoch: -1, offset: 0 })],
    ] as const) {
      expect(thrownBy(work)).toMatchObject({ code: 'data.invalid', path })
    }
  })
})

test("an epoch's batches are all its rows in the same order, the last with what is left", () => {
  expect(epochBatches(10, 4, streams(1), 0).map(({ length }) => length)).toEqual([4, 4, 2])
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 40 }), (rows, size) => {
      const both = [0, 1].flatMap((epoch) => epochBatches(rows, size, streams(1), epoch))
      expect(both.flat()).toEqual(createBatches(rows, streams(1)).next(2 * rows))
    }),
  )
})
