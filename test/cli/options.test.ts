import { expect, test } from 'vitest'
import { wholeNumbers } from '../../src/cli/options.ts'
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
