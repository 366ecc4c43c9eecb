import { expect, test } from 'vitest'
import type { ErrorCode } from '../../src/errors.ts'
import { DynotuneError } from '../../src/errors.ts'
import { bool, choice, fixed, float, int } from '../../src/space/domain.ts'
import { validateSpace } from '../../src/space/validate.ts'

function refusal(spec: unknown): DynotuneError {
  try {
    validateSpace(spec)
  } catch (error) {
    if (error instanceof DynotuneError) return error
    throw error
  }
  throw new Error('The space was accepted.')
}

/** The space, and of its error the code, the path and a part of the message. */
type Case = readonly [what: string, spec: unknown, code: ErrorCode, path: string, message: RegExp]

const { MAX_VALUE, MAX_SAFE_INTEGER, NaN: nan, POSITIVE_INFINITY } = Number
const log = { scale: 'log' } as const
const reverse = { scale: 'reverseLog' } as const
const x = 'space.x'

const CASES: readonly Case[] = [
  ['no object', undefined, 'space.domain', 'space', /object of parameter names/],
  ['a list', [float(0, 1)], 'space.domain', 'space', /object of parameter names/],
  ['no parameters', {}, 'space.empty', 'space', /nothing to tune/],

  ['a number', { x: 1 }, 'space.domain', x, /not a domain/],
  ['null', { x: null }, 'space.domain', x, /not a domain/],
  ['an unknown type', { x: { type: 'normal' } }, 'space.domain', x, /not a domain/],
  ['a nested object', { x: { y: float(0, 1) } }, 'space.domain', x, /not a domain/],
  ['a branch that is no space', { x: { type: 'branch', branches: { a: 1 } } }, 'space.domain', `${x}.a`, /A branch is/],

  ['an inverted range', { x: float(1, 0) }, 'space.range', x, /inverted: low 1 is above high 0/],
  ['an inverted int', { x: int(5, 2) }, 'space.range', x, /inverted/],
  ['a single value', { x: float(3, 3) }, 'space.range', x, /single value/],
  ['NaN as a bound', { x: float(nan, 1) }, 'space.range', x, /finite/],
  ['an endless range', { x: float(0, POSITIVE_INFINITY) }, 'space.range', x, /finite/],
  ['text as a bound', { x: { ...float(0, 1), high: '1' } }, 'space.range', x, /finite/],
  ['a width past all numbers', { x: float(-MAX_VALUE, MAX_VALUE) }, 'space.range', x, /too wide/],
  ['an int between integers', { x: int(0, 1.5) }, 'space.range', x, /bounds of an int are integers/],
  ['an int past 2^53', { x: int(0, MAX_SAFE_INTEGER + 1) }, 'space.range', x, /bounds of an int are integers/],
  ['an unknown scale', { x: { ...float(0, 1), scale: 'logarithmic' } }, 'space.range', x, /scale/],

  ['a log range from zero', { x: float(0, 1, log) }, 'space.log_range', x, /zero/],
  ['a log range across zero', { x: int(-1, 1, log) }, 'space.log_range', x, /zero/],
  ['a reverse-log range to one', { x: float(0, 1, reverse) }, 'space.log_range', x, /below one/],
  ['a reverse-log int', { x: int(-5, 0, reverse) }, 'space.log_range', x, /floats that stay below one/],

  ['a step of zero', { x: float(0, 1, { step: 0 }) }, 'space.step', x, /positive/],
  ['a step backwards', { x: int(0, 9, { step: -1 }) }, 'space.step', x, /positive/],
  ['a step that is NaN', { x: float(0, 1, { step: nan }) }, 'space.step', x, /positive/],
  ['a step as text', { x: { ...float(0, 1), step: '0.5' } }, 'space.step', x, /a number/],
  ['a step past the range', { x: float(0, 1, { step: 1.5 }) }, 'space.step', x, /no wider/],
  ['half a step of an int', { x: int(0, 9, { step: 0.5 }) }, 'space.step', x, /integer/],
  ['a ratio of one', { x: float(1, 9, { ...log, step: 1 }) }, 'space.step', x, /ratio above one/],
  ['a ratio past the range', { x: int(2, 8, { ...log, step: 5 }) }, 'space.step', x, /fits into the range/],
  ['a reverse-log step', { x: float(0, 0.9, { ...reverse, step: 0.1 }) }, 'space.step', x, /takes no step/],

  ['a choice of nothing', { x: choice([]) }, 'space.choice', x, /no values/],
  ['a choice without values', { x: { type: 'choice' } }, 'space.choice', x, /no values/],
  ['a value twice', { x: choice([16, 32, 16]) }, 'space.choice', x, /twice/],
  ['a value that is an object', { x: { type: 'choice', values: ['a', {}] } }, 'space.choice', x, /A value is/],
  ['a value that is NaN', { x: choice([1, nan]) }, 'space.choice', x, /finite number/],
  ['a fixed nothing', { x: { type: 'fixed' } }, 'space.choice', x, /A value is/],
  ['a choice without branches', { x: choice({}) }, 'space.choice', x, /no branches/],

  ['a name with a dot', { 'a.b': bool() }, 'space.name', 'space.a.b', /"a\.b" cannot be a name/],
  ['a name with a digit first', { '2x': bool() }, 'space.name', 'space.2x', /cannot be a name/],
  ['an empty name', { '': bool() }, 'space.name', 'space.', /cannot be a name/],
  ['a branch with a space', { x: choice({ 'a b': {} }) }, 'space.name', `${x}.a b`, /cannot be a name/],
  ['kind in a branch', { x: choice({ a: { kind: bool() } }) }, 'space.name', `${x}.a.kind`, /"kind"/],
  [
    'one flat name through two branches',
    { a: choice({ sgd: { rate: bool() } }), b: choice({ sgd: { rate: bool() } }) },
    'space.duplicate_name',
    'space.b.sgd.rate',
    /"sgd\.rate": space\.a\.sgd\.rate and space\.b\.sgd\.rate/,
  ],
]

test.each(CASES)('%s is refused', (_, spec, code, path, message) => {
  const error = refusal(spec)
  expect({ code: error.code, path: error.path }).toEqual({ code, path })
  expect(error.message).toMatch(message)
})

test('an error shows the value and says what to write instead', () => {
  expect(refusal({ x: float(1, 0) })).toMatchObject({ value: [1, 0], remedy: 'write float(0, 1)' })
  expect(refusal({ x: int(3, 3) })).toMatchObject({ value: [3, 3], remedy: 'write fixed(3)' })
  expect(refusal({ x: choice([1, 1]) })).toMatchObject({ value: [1, 1], remedy: 'list each value once' })
  expect(refusal({ x: float(0, 1, { step: 2 }) })).toMatchObject({ value: 2 })
  expect(refusal({ x: 7 })).toMatchObject({ value: 7, remedy: 'use float, int, choice, bool or fixed' })
})

test('the path leads through the branches to the field', () => {
  const spec = { optimizer: choice({ sgd: { schedule: choice({ cosine: { alpha: float(1, 0) } }) } }) }
  expect(refusal(spec).path).toBe('space.optimizer.sgd.schedule.cosine.alpha')
})

test('the smallest of each domain is accepted', () => {
  const accepted = {
    kind: fixed('kind is a name like any other at the top'),
    float: float(0, Number.MIN_VALUE),
    int: int(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER),
    step: float(0, 1, { step: 1 }),
    ratio: int(1, 2, { scale: 'log', step: 2 }),
    one: choice(['']),
    branch: choice({ kind: {}, other: { x: bool() } }),
    'dashes-and_underscores': bool(),
  }
  expect(() => validateSpace(accepted)).not.toThrow()
})
