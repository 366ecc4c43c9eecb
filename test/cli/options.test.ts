import { expect, test } from 'vitest'
import { duration, keyPart, labels, redisUrl, wholeNumber, wholeNumbers } from '../../src/cli/options.ts'
import { thrownBy } from '../helpers/errors.ts'

test.each([
  ['0', [0]],
  ['0,1,3', [0, 1, 3]],
  ['2, 2', [2, 2]],
  [undefined, undefined],
])('--devices %s is %j', (text, numbers) => {
  expect(wholeNumbers('--devices', text)).toEqual(numbers)
})

test.each(['', '0,', '-1', '1.5', 'all', '0;1'])('--devices "%s" is refused, with what to write', (text) => {
  expect(thrownBy(() => wholeNumbers('--devices', text))).toMatchObject({
    code: 'option.invalid',
    path: '--devices',
    value: text,
    remedy: 'write 0,1',
  })
})

test('a whole number may have an end', () => {
  expect(wholeNumber('--http', '65535', 0, 65_535)).toBe(65_535)
  expect(thrownBy(() => wholeNumber('--http', '65536', 0, 65_535)).message).toBe(
    '--http takes a whole number from 0 to 65535.',
  )
  expect(thrownBy(() => wholeNumber('--slots', '9007199254740993', 1)).message).toBe(
    '--slots takes a whole number from 1.',
  )
})

test('labels are names and values, the last of a name counts', () => {
  expect(labels('--label', ['rack=7', 'zone=a=b c', 'rack=8'])).toEqual({ rack: '8', zone: 'a=b c' })
  expect(labels('--label', undefined)).toEqual({})
})

test.each(['', 'rack', 'rack=', '=7', '7=rack', 'a b=c', 'a=b\nc'])('the label %j is refused', (word) => {
  expect(thrownBy(() => labels('--label', ['a=b', word]))).toMatchObject({
    code: 'option.invalid',
    path: '--label',
    value: word,
  })
})

test('parts of keys in Redis are letters, digits and a few signs', () => {
  for (const text of ['default', 'gpu-80g', 'a.b_c', undefined]) expect(keyPart('--class', text)).toBe(text)
  for (const text of ['', 'a:b', 'a b', '*', 'é', 'x'.repeat(101)])
    expect(thrownBy(() => keyPart('--class', text))).toMatchObject({ code: 'option.invalid', path: '--class' })
})

test('the URL of Redis is that of the option, else that of the environment', () => {
  const env = { DYNOTUNE_REDIS: 'redis://:secret@host:1' }
  expect(redisUrl('redis://other:2', env)).toBe('redis://other:2')
  for (const text of [undefined, '']) {
    expect(redisUrl(text, env)).toBe('redis://:secret@host:1')
    expect(thrownBy(() => redisUrl(text, {}))).toMatchObject({
      ...{ code: 'option.invalid', path: '--redis', remedy: expect.stringContaining('DYNOTUNE_REDIS') },
    })
  }
})

test.each(['0', '0s', '00ms', ' 0h '])('no time at all is a time where it may be: %j', (text) => {
  expect(duration('--grace', text, 0)).toBe(0)
  expect(thrownBy(() => duration('--timeout', text))).toMatchObject({ code: 'option.invalid', path: '--timeout' })
})
