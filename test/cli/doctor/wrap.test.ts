import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wrap } from '../../../src/cli/doctor/wrap.ts'

test('breaks at spaces, keeps the breaks that are there, and indents all but the first line', () => {
  expect(wrap('one two three', '    ', 9)).toBe('one two\n    three')
  expect(wrap('one\ntwo three four', '  ', 11)).toBe('one\n  two three\n  four')
  expect(wrap('short')).toBe('short')
})

test('no line is longer than asked for unless it is one word, and no word is lost', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(words, fc.nat(4), fc.integer({ min: 6, max: 40 }), (words, indent, width) => {
      const wrapped = wrap(words.join(' '), ' '.repeat(indent), width)
      expect(wrapped.trim().split(/\s+/)).toEqual(words)
      for (const line of wrapped.split('\n')) if (/\S \S/.test(line)) expect(line.length).toBeLessThanOrEqual(width)
    }),
  )
})
