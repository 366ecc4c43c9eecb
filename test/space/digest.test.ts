import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestOf } from '../../src/space/digest.ts'
import { bool, choice, fixed, float, int, type SpaceSpec } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import { arbitrarySpec, reversed } from './arbitrary.ts'

const digest = (spec: SpaceSpec) => createSpace(spec).digest

test('the order of the source does not change a digest', () => {
  fc.assert(
    fc.property(arbitrarySpec(), (spec) => {
      expect(digest(reversed(spec))).toBe(digest(spec))
    }),
  )
})

test('spaces with a different meaning have different digests', () => {
  fc.assert(
    fc.property(arbitrarySpec(), arbitrarySpec(), (a, b) => {
      expect(digest(a) === digest(b)).toBe(isDeepStrictEqual(a, b))
    }),
  )
})

test('any one change to a domain changes the digest', () => {
  const domains = [
    float(1, 2),
    float(1, 3),
    float(1, 2, { scale: 'log' }),
    float(1, 2, { step: 0.5 }),
    int(1, 2),
    int(1, 2, { scale: 'log' }),
    choice(['1', '2']),
    choice([1, 2]),
    // What a coordinate means depends on the order of the values.
    choice([2, 1]),
    choice({ a: {}, b: {} }),
    choice({ a: { x: bool() }, b: {} }),
    choice({ a: {}, b: { x: bool() } }),
    bool(),
    fixed(1),
    fixed('1'),
    fixed(true),
  ]
  expect(new Set(domains.map((x) => digest({ x }))).size).toBe(domains.length)
  expect(digest({ x: bool() })).not.toBe(digest({ y: bool() }))
  expect(digest({ x: bool() })).not.toBe(digest({ x: bool(), y: bool() }))
})

test('a digest is SHA-256 over sorted JSON, stable from version to version', () => {
  // sha256 of {"a":[1,"x",null],"b":{"c":true}}
  expect(digestOf({ b: { c: true, gone: undefined }, a: [1, 'x', null] })).toBe(
    '038932932d9f36881391140ac309421b0bf0c001fc66458904c4c077b2bde713',
  )
})
