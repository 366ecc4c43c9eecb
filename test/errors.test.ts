import { expect, test } from 'vitest'
import { exitCodeOf } from '../src/cli/exit.ts'
import { DynotuneError, describeError } from '../src/errors.ts'

test('an error reads as what is wrong, where, with what, and what to do', () => {
  const error = new DynotuneError('space.range', 'The range is inverted.', {
    path: 'space.x',
    value: [2, 1],
    remedy: 'write float(1, 2)',
  })
  expect(describeError(error)).toBe(
    'The range is inverted. [space.range]\n  at:  space.x\n  got: [2,1]\n  try: write float(1, 2)',
  )
  expect(describeError(new DynotuneError('internal', 'Short.'))).toBe('Short. [internal]')
})

test.each([
  [Number.NaN, 'NaN'],
  [function named() {}, 'a function named named'],
  [7n, '7'],
  ['text', '"text"'],
  [undefined, undefined],
  [{ a: 'x'.repeat(500) }, `{"a":"${'x'.repeat(194)}…`],
])('the value %s is shown as %s', (value, shown) => {
  const text = describeError(new DynotuneError('internal', 'M.', { value }))
  expect(text).toBe(shown === undefined ? 'M. [internal]' : `M. [internal]\n  got: ${shown}`)
})

test('a value that refers to itself can be shown', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  expect(describeError(new DynotuneError('internal', 'M.', { value: circle }))).toContain('got: [object Object]')
})

test('other errors keep their stack, other values their text', () => {
  expect(describeError(new TypeError('odd'))).toMatch(/^TypeError: odd\n +at /)
  expect(describeError('plain')).toBe('plain')
})

test.each([
  ['option.unknown', 2],
  ['space.empty', 2],
  ['study.changed', 2],
  ['sampler.unknown', 2],
  ['engine.unknown', 2],
  ['engine.broken', 1],
  ['store.full', 1],
  ['report.unwritable', 1],
  ['scheduler.all_failed', 1],
] as const)('%s ends the program with %d', (code, exit) => {
  expect(exitCodeOf(new DynotuneError(code, 'M.'))).toBe(exit)
})
