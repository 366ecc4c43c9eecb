import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bool, choice, type Domain, fixed, float, int, type Scalar } from '../../src/space/domain.ts'
import { createSpace, type Parameter } from '../../src/space/space.ts'
import { domainSize } from '../../src/space/value.ts'
import { arbitraryPoint, arbitrarySpec, cycle, reversed } from './arbitrary.ts'

const nested = createSpace({
  optimizer: choice({
    sgd: { momentum: float(0, 0.99), schedule: choice({ cosine: { alpha: float(0, 1) }, constant: {} }) },
    adam: { beta1: float(0.8, 0.99) },
  }),
  batchSize: choice([16, 32]),
  bias: bool(),
  epochs: fixed(5),
})
const cosine = {
  optimizer: 'sgd',
  'sgd.momentum': 0.9,
  'sgd.schedule': 'cosine',
  'sgd.cosine.alpha': 0.25,
  batchSize: 32,
  bias: true,
  epochs: 5,
}

/** Floats agree to 1e-12 of the value on a log scale, of the larger bound on the others; all else is equal. */
function expectSame(parameter: Parameter | undefined, actual: Scalar | undefined, expected: Scalar): void {
  const domain = parameter?.domain
  if (domain?.type === 'float' && domain.step === undefined) {
    const { scale, low, high } = domain
    const reference = scale === 'log' ? Number(expected) : Math.max(Math.abs(low), Math.abs(high))
    expect(Math.abs(Number(actual) - Number(expected))).toBeLessThanOrEqual(1e-12 * reference)
  } else {
    expect(actual).toBe(expected)
  }
}

describe('in any space', () => {
  test('every point of the unit cube is an assignment inside the space', () => {
    fc.assert(
      fc.property(arbitrarySpec(), arbitraryPoint, (spec, point) => {
        const space = createSpace(spec)
        expect(space.contains(space.sample(cycle(point)))).toBe(true)
      }),
    )
  })

  test('encode has one coordinate in [0, 1] for each active varied parameter, and decode undoes it', () => {
    fc.assert(
      fc.property(arbitrarySpec(), arbitraryPoint, (spec, point) => {
        const space = createSpace(spec)
        const assignment = space.sample(cycle(point))
        const coordinates = space.encode(assignment)
        const varied = Object.keys(assignment).filter((name) => space.parameter(name)?.domain.type !== 'fixed')
        expect(space.active(assignment).map(({ name }) => name)).toEqual(varied)
        expect(coordinates).toHaveLength(varied.length)
        expect(coordinates.every((u) => u >= 0 && u <= 1)).toBe(true)
        const decoded = space.decode(coordinates)
        expect(Object.keys(decoded)).toEqual(Object.keys(assignment))
        for (const [name, value] of Object.entries(assignment)) expectSame(space.parameter(name), decoded[name], value)
      }),
    )
  })

  test('encode finds the coordinate that was sampled, up to the width of a value', () => {
    fc.assert(
      fc.property(arbitrarySpec(), arbitraryPoint, (spec, point) => {
        const space = createSpace(spec)
        const asked: [Domain, number][] = []
        const coordinate = cycle(point)
        const assignment = space.sample(({ domain }) => {
          const u = coordinate()
          asked.push([domain, u])
          return u
        })
        for (const [i, u] of space.encode(assignment).entries()) {
          const [domain, sampled] = asked[i] ?? [bool(), Number.NaN]
          // The cells of integers on a log scale are unequal: none is wider than the first.
          const cell =
            domain.type === 'int' && domain.scale === 'log' && domain.step === undefined ? 1 : 1 / domainSize(domain)
          expect(Math.abs(u - sampled)).toBeLessThanOrEqual(cell / 2 + 1e-12)
        }
      }),
    )
  })

  test('flatten undoes nest', () => {
    fc.assert(
      fc.property(arbitrarySpec(), arbitraryPoint, (spec, point) => {
        const space = createSpace(spec)
        const assignment = space.sample(cycle(point))
        expect(space.flatten(space.nest(assignment))).toEqual(assignment)
      }),
    )
  })

  test('a missing, a foreign and a surplus value are not contained', () => {
    fc.assert(
      fc.property(arbitrarySpec(), arbitraryPoint, fc.nat(), (spec, point, pick) => {
        const space = createSpace(spec)
        const assignment = space.sample(cycle(point))
        const names = Object.keys(assignment)
        const name = names[pick % names.length] ?? ''
        const { [name]: _, ...missing } = assignment
        expect(space.contains(missing)).toBe(false)
        expect(space.contains({ ...assignment, [name]: 'no such option' })).toBe(false)
        expect(space.contains({ ...assignment, 'no.such.name': 1 })).toBe(false)
      }),
    )
  })

  test('dimensions number the varied parameters, whatever order the source has', () => {
    fc.assert(
      fc.property(arbitrarySpec(), arbitraryPoint, (spec, point) => {
        const [space, other] = [createSpace(spec), createSpace(reversed(spec))]
        const varied = space.parameters.filter(({ domain }) => domain.type !== 'fixed')
        const numbers = varied.map(({ dimension }) => dimension).sort((a, b) => a - b)
        expect(numbers).toEqual(Array.from({ length: space.dimensions }, (_, i) => i))
        for (const parameter of space.parameters) expect(other.parameter(parameter.name)).toEqual(parameter)
        const at = ({ dimension }: { dimension: number }) => point[dimension % point.length] ?? 0
        expect(other.sample(at)).toEqual(space.sample(at))
      }),
    )
  })
})

test('a conditional parameter is named after its branches', () => {
  expect(nested.parameters.map(({ name }) => name)).toEqual([
    'optimizer',
    'sgd.momentum',
    'sgd.schedule',
    'sgd.cosine.alpha',
    'adam.beta1',
    'batchSize',
    'bias',
    'epochs',
  ])
  expect(nested.parameter('sgd.cosine.alpha')).toMatchObject({
    key: 'alpha',
    parent: { name: 'sgd.schedule', branch: 'cosine' },
  })
  expect(nested.parameter('alpha')).toBeUndefined()
  expect(nested.dimensions).toBe(7)
  expect(nested.parameter('epochs')?.dimension).toBe(-1)
})

test('run sees nested parameters with a kind for every branch', () => {
  const params = {
    optimizer: { kind: 'sgd', momentum: 0.9, schedule: { kind: 'cosine', alpha: 0.25 } },
    batchSize: 32,
    bias: true,
    epochs: 5,
  }
  expect(nested.nest(cosine)).toEqual(params)
  expect(nested.flatten(params)).toEqual(cosine)
})

test('parameters of a branch not taken are neither active nor allowed', () => {
  const adam = { optimizer: 'adam', 'adam.beta1': 0.9, batchSize: 16, bias: false, epochs: 5 }
  expect(nested.active(adam).map(({ name }) => name)).toEqual(['optimizer', 'adam.beta1', 'batchSize', 'bias'])
  expect(nested.contains(adam)).toBe(true)
  expect(nested.contains({ ...adam, 'sgd.momentum': 0.9 })).toBe(false)
})

test('what does not fit is refused with the name of the parameter', () => {
  const { 'sgd.momentum': _, ...missing } = cosine
  expect(() => nested.nest(missing)).toThrow(expect.objectContaining({ code: 'space.params', path: 'sgd.momentum' }))
  expect(() => nested.encode(missing)).toThrow(expect.objectContaining({ code: 'space.params', path: 'sgd.momentum' }))
  const refused: [object, string, unknown][] = [
    [{ batchSize: 17 }, 'batchSize', 17],
    [{ optimizer: { kind: 'lion' } }, 'optimizer', 'lion'],
    [{ optimizer: { kind: 'adam' } }, 'adam.beta1', undefined],
    [{ optimizer: { kind: 'adam', beta1: 0.5 } }, 'adam.beta1', 0.5],
    [{ epochs: 6 }, 'epochs', 6],
  ]
  for (const [change, path, value] of refused) {
    const params = { ...nested.nest(cosine), ...change }
    expect(() => nested.flatten(params)).toThrow(expect.objectContaining({ code: 'space.params', path, value }))
  }
})

test('decode refuses too few and too many coordinates', () => {
  const coordinates = nested.encode(cosine)
  for (const wrong of [coordinates.slice(0, -1), [...coordinates, 0.5], []]) {
    expect(() => nested.decode(wrong)).toThrow(expect.objectContaining({ code: 'space.params', value: wrong }))
  }
})

test('a space of integers is finite however wide it is', () => {
  const wide = createSpace({ seed: int(0, Number.MAX_SAFE_INTEGER), layers: int(1, 3) })
  expect(wide.contains(wide.at(2 ** 52))).toBe(true)
})
