import { expect, test } from 'vitest'
import { philox4x32, type Words4 } from '../../src/numerics/philox.ts'

const ONES = 0xffffffff

// The kat_vectors file of Random123, philox 4x32, 10 rounds: zeros, ones, and the digits of pi.
const KNOWN: readonly [string, Words4, readonly [number, number], Words4][] = [
  ['zeros', [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
  ['ones', [ONES, ONES, ONES, ONES], [ONES, ONES], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
  [
    'pi',
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
]

test.each(KNOWN)('philox gives the published words for %s', (_, counter, key, words) => {
  expect(philox4x32(counter, key)).toEqual(words)
})
