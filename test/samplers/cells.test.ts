import fc from 'fast-check'
import { expect, test } from 'vitest'
import { axesOf } from '../../src/samplers/axes.ts'
import { cellOf } from '../../src/samplers/cells.ts'
import { float, int } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import { domainFromUnit } from '../../src/space/value.ts'

test('all coordinates of a cell mean one value, and those beside it others', () => {
  const domains = [
    int(1, 8),
    int(1, 100, { scale: 'log' }),
    int(16, 256, { scale: 'log', step: 2 }),
    float(0, 1, { step: 0.25 }),
  ]
  fc.assert(
    fc.property(fc.constantFrom(...domains), fc.double({ min: 0, max: 1, noNaN: true }), (domain, u) => {
      const [axis] = axesOf(createSpace({ x: domain }))
      if (!axis) return
      const { low, high } = cellOf(axis, u)
      const value = (at: number) => domainFromUnit(domain, at)
      const inside = (share: number) => low + share * (high - low)
      expect(value(inside(1e-6))).toBe(value(u))
      expect(value(inside(1 - 1e-6))).toBe(value(u))
      if (low > 0) expect(value(low - 1e-6)).not.toBe(value(u))
      if (high < 1) expect(value(high + 1e-6)).not.toBe(value(u))
    }),
  )
})
