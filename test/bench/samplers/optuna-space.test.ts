import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromOptuna, type OptunaParameter, toOptuna } from '../../../bench/samplers/optuna-space.ts'
import { problemsNamed } from '../../../bench/samplers/problems/families.ts'
import { bool, choice, fixed, float, int, type Scalar } from '../../../src/space/domain.ts'
import { createSpace } from '../../../src/space/space.ts'

const spec = {
  rate: float(1e-4, 1, { scale: 'log' }),
  momentum: float(0, 0.99, { scale: 'reverseLog' }),
  batch: int(16, 256, { scale: 'log', step: 2 }),
  width: int(16, 512, { step: 16 }),
  kind: choice({ a: { constant: fixed(3), inner: choice({ b: { x: float(0, 1) }, c: {} }) }, d: { flag: bool() } }),
  seed: fixed('s'),
}

test('a space in terms of Optuna', () => {
  expect(toOptuna(spec)).toEqual([
    { name: 'rate', type: 'float', low: 1e-4, high: 1, log: true },
    { name: 'momentum', type: 'float', low: 1 - 0.99, high: 1, log: true },
    { name: 'batch', type: 'int', low: 0, high: 4 },
    { name: 'width', type: 'int', low: 16, high: 512, step: 16 },
    {
      ...{ name: 'kind', type: 'options', options: ['a', 'd'] },
      branches: {
        a: [
          {
            ...{ name: 'a.inner', type: 'options', options: ['b', 'c'] },
            branches: { b: [{ name: 'a.b.x', type: 'float', low: 0, high: 1 }], c: [] },
          },
        ],
        d: [{ name: 'd.flag', type: 'options', options: [false, true] }],
      },
    },
  ])
})

test.each([spec, ...problemsNamed(['tuning', 'hold-out']).map(({ space }) => space)].map((space) => [space]))(
  'what Optuna may answer is in the space: %#',
  (given) => {
    const space = createSpace(given)
    const parameters = toOptuna(given)
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
        const params: Record<string, Scalar> = {}
        answer(parameters, () => stream.next().value ?? 0, params)
        expect(space.contains(fromOptuna(space, params))).toBe(true)
      }),
      { numRuns: 50 },
    )
  },
)

/** As Optuna does: within the range, along its scale, on its steps. */
function answer(parameters: readonly OptunaParameter[], next: () => number, out: Record<string, Scalar>): void {
  for (const parameter of parameters) {
    const { name } = parameter
    if (parameter.type === 'options') {
      const { options } = parameter
      const option = options[Math.min(options.length - 1, Math.floor(next() * options.length))] ?? ''
      out[name] = option
      answer(parameter.branches?.[String(option)] ?? [], next, out)
      continue
    }
    const { type, low, high, log, step = 1 } = parameter
    const u = next()
    const value = log ? low * (high / low) ** u : low + u * (high - low)
    const inside = Math.min(high, Math.max(low, value))
    out[name] = type === 'int' ? low + step * Math.floor((inside - low) / step) : inside
  }
}
