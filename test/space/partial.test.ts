import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { choice, float, int } from '../../src/space/domain.ts'
import { completeAssignment, flattenPartial } from '../../src/space/partial.ts'
import { createSpace } from '../../src/space/space.ts'
import { thrownBy } from '../helpers/errors.ts'
import { arbitraryPoint, arbitrarySpec, cycle } from './arbitrary.ts'

const space = createSpace({
  rate: float(1e-5, 1, { scale: 'log' }),
  model: choice({ deep: { layers: int(1, 8), act: choice({ leaky: { slope: float(0, 1) }, relu: {} }) }, linear: {} }),
})

describe('parameters of which some are left out', () => {
  test('are flattened through branches in branches, which go by name alone as well', () => {
    const nested = { model: { kind: 'deep', act: { kind: 'leaky', slope: 0.1 } } }
    expect(flattenPartial(space, nested, 'x')).toEqual({
      model: 'deep',
      'deep.act': 'leaky',
      'deep.leaky.slope': 0.1,
    })
    expect(flattenPartial(space, { model: 'linear' }, 'x')).toEqual({ model: 'linear' })
  })

  test.each<[unknown, string, RegExp]>([
    [{ rat: 1 }, 'study.enqueue.0.rat', /no "rat"/],
    [{ rate: 7 }, 'study.enqueue.0.rate', /outside the domain of "rate"/],
    [{ model: { kind: 'linear', layers: 2 } }, 'study.enqueue.0.model.layers', /no "linear\.layers"/],
    [{ model: { kind: 'wide' } }, 'study.enqueue.0.model', /outside/],
    [{ model: null }, 'study.enqueue.0.model', /outside/],
  ])('are refused with the path: %j', (params, path, message) => {
    const error = thrownBy(() => flattenPartial(space, Object(params), 'study.enqueue.0'))
    expect(error).toMatchObject({ code: 'space.params', path, message: expect.stringMatching(message) })
  })

  test('are completed to an assignment of the space that has exactly what was given', () => {
    const rate = 0.1 + 0.2 - 0.25
    const complete = completeAssignment(space, { rate, model: 'deep' }, () => 0.99)
    expect(complete).toEqual({ rate, model: 'deep', 'deep.layers': 8, 'deep.act': 'relu' })
  })

  test('any part of an assignment is kept when it is completed', () => {
    fc.assert(
      fc.property(arbitrarySpec(), arbitraryPoint, fc.array(fc.boolean(), { minLength: 1 }), (spec, point, which) => {
        const any = createSpace(spec)
        const whole = any.sample(cycle(point))
        const parent = (name: string) => any.parameter(name)?.parent?.name
        const kept: Record<string, (typeof whole)[string]> = {}
        // A conditional parameter goes with the choice that opens it.
        for (const [i, [name, value]] of Object.entries(whole).entries()) {
          const above = parent(name)
          if (which[i % which.length] && (above === undefined || above in kept)) kept[name] = value
        }
        const complete = completeAssignment(any, kept, () => 0.5)
        expect(any.contains(complete)).toBe(true)
        expect(complete).toMatchObject(kept)
      }),
    )
  })
})
