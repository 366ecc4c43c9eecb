import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../../../src/numerics/random.ts'
import { drawChange } from '../../../../src/train/data/images/draw-change.ts'
import { upTo } from '../numbered.ts'

test('changes stay within their limits, reach near them, and one limit does not move the others', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 180, noNaN: true }), fc.nat(1000), (rotation, seed) => {
      const draw = (limits: object) => {
        const random = createRandom(seed, 0, 'augmentation')
        return upTo(200).map(() => drawChange(limits, 10, 20, random))
      }
      const changes = draw({ rotation, zoom: 0.5, shift: 0.1, flip: true })
      const spans = [
        [changes.map((change) => change.rotation), rotation],
        [changes.map((change) => change.zoom - 1), 0.5],
        [changes.map((change) => change.down), 1],
        [changes.map((change) => change.right), 2],
      ] as const
      for (const [values, most] of spans) {
        expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(most)
        expect(Math.max(...values)).toBeGreaterThan(0.8 * most)
        expect(Math.min(...values)).toBeLessThan(-0.8 * most)
      }
      const mirrored = changes.filter((change) => change.mirrored).length
      expect(Math.abs(mirrored - 100)).toBeLessThan(40)
      expect(draw({ rotation }).map((change) => change.rotation)).toEqual(spans[0][0])
      const unchanged = draw({}).filter((each) => !each.mirrored && each.zoom === 1)
      expect(unchanged).toHaveLength(200)
      for (const { rotation, down, right } of unchanged)
        expect([rotation, down, right].map(Math.abs)).toEqual([0, 0, 0])
    }),
    { numRuns: 30 },
  )
})
