import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Claim, sharesOf } from '../../../src/queue/redis/shares.ts'

const claim = (study: string, changes: Partial<Claim> = {}): Claim => ({
  ...{ study, priority: 0, weight: 1, demand: Number.POSITIVE_INFINITY },
  ...changes,
})
const shares = (claims: readonly Claim[], slots: number) => Object.fromEntries(sharesOf(claims, slots))

test('studies share alike, or by weight, and what one cannot use goes to the others', () => {
  expect(shares([claim('a'), claim('b')], 10)).toEqual({ a: 5, b: 5 })
  expect(shares([claim('a', { weight: 3 }), claim('b')], 8)).toEqual({ a: 6, b: 2 })
  expect(shares([claim('a', { demand: 1 }), claim('b'), claim('c')], 9)).toEqual({ a: 1, b: 4, c: 4 })
  expect(shares([claim('a'), claim('b'), claim('c')], 8)).toEqual({ a: 3, b: 3, c: 2 })
})

test('a higher priority comes first, and everybody gets on', () => {
  expect(shares([claim('a', { priority: 1, demand: 6 }), claim('b')], 10)).toEqual({ a: 6, b: 4 })
  expect(shares([claim('a', { priority: 1 }), claim('b')], 10)).toEqual({ a: 10, b: 1 })
  expect(shares([claim('a'), claim('b')], 0)).toEqual({ a: 0, b: 0 })
})

test('no slot is given twice or left while somebody wants it; nobody envies one of the same priority and weight', () => {
  const arbitrary = fc.array(
    fc.record({
      priority: fc.integer({ min: 0, max: 2 }),
      weight: fc.constantFrom(0.5, 1, 2, 3),
      demand: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(Number.POSITIVE_INFINITY)),
    }),
    { minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(arbitrary, fc.integer({ min: 8, max: 60 }), (kinds, slots) => {
      const claims = kinds.map((kind, i) => ({ study: String(i), ...kind }))
      const given = sharesOf(claims, slots)
      const of = ({ study }: Claim) => given.get(study) ?? 0
      const total = claims.reduce((sum, each) => sum + of(each), 0)
      const wanted = claims.reduce((sum, { demand }) => sum + demand, 0)
      // A slot is given beyond those that there are only to who would have none.
      const alms = claims.filter((each) => of(each) === 1).length
      expect(total).toBeLessThanOrEqual(slots + alms)
      expect(total).toBeGreaterThanOrEqual(Math.min(slots, wanted))
      for (const each of claims) expect(of(each)).toBeLessThanOrEqual(Math.max(1, each.demand))
      for (const one of claims)
        for (const other of claims)
          if (one.priority === other.priority && one.weight === other.weight && of(one) < one.demand)
            expect(of(other)).toBeLessThanOrEqual(of(one) + 1)
    }),
  )
})
