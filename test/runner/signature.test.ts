import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeError } from '../../src/errors.ts'
import { isSigned, readSecret, sign } from '../../src/runner/signature.ts'
import { thrownBy } from '../helpers/errors.ts'

// Test case 2.
test.each([
  ['Jefe', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
])('signs as RFC 4231 says', (key, text, signature) => {
  expect(sign(key, text)).toBe(signature)
  expect(isSigned(key, text, signature)).toBe(true)
})

const secret = fc.string({ minLength: 16 })
const text = fc.string({ unit: 'binary' })

test('a signature holds for its text and its secret, and for no other', () => {
  fc.assert(
    fc.property(secret, secret, text, text, (mine, theirs, said, other) => {
      const signature = sign(mine, said)
      expect(isSigned(mine, said, signature)).toBe(true)
      expect(isSigned(mine, other, signature)).toBe(other === said)
      expect(isSigned(theirs, said, signature)).toBe(theirs === mine)
    }),
  )
})

test('a signature altered in one digit does not hold', () => {
  const signature = sign('s'.repeat(16), 'text')
  for (let i = 0; i < signature.length; i++) {
    const altered = signature.slice(0, i) + (signature[i] === '0' ? '1' : '0') + signature.slice(i + 1)
    expect(isSigned('s'.repeat(16), 'text', altered)).toBe(false)
  }
})

test('what is no signature does not hold, and throws nothing', () => {
  const signature = sign('s'.repeat(16), 'text')
  const odd = [undefined, null, 7, {}, [signature], '', signature.slice(1), `${signature}0`, `${signature}\n`]
  for (const each of [...odd, signature.toUpperCase(), 'é'.repeat(64)]) {
    expect(isSigned('s'.repeat(16), 'text', each)).toBe(false)
  }
  fc.assert(fc.property(fc.anything(), (anything) => !isSigned('s'.repeat(16), 'text', anything)))
})

test('the secret comes from the environment, if it is there', () => {
  expect(readSecret({})).toBeUndefined()
  expect(readSecret({ DYNOTUNE_SECRET: 'sixteen letters!' })).toBe('sixteen letters!')
})

test.each(['', 'fifteen letters'])('a short secret is refused and not shown: "%s"', (short) => {
  const error = thrownBy(() => readSecret({ DYNOTUNE_SECRET: short }))
  expect(error).toMatchObject({ code: 'worker.secret', path: 'DYNOTUNE_SECRET', value: undefined })
  expect(describeError(error)).not.toContain(short || '""')
})
