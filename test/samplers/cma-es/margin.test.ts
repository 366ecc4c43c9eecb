import { describe, expect, test } from 'vitest'
import { normalCdf } from '../../../src/numerics/normal.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { assignmentOf, axesOf, pointOf } from '../../../src/samplers/axes.ts'
import { type Distribution, deviations, drawFrom, layoutOf, sphere } from '../../../src/samplers/cma-es/distribution.ts'
import { withMargin } from '../../../src/samplers/cma-es/margin.ts'
import { populationFor } from '../../../src/samplers/cma-es/parameters.ts'
import { recall } from '../../../src/samplers/cma-es/recall.ts'
import { update } from '../../../src/samplers/cma-es/update.ts'
import { choice, float, int } from '../../../src/space/domain.ts'
import type { Assignment } from '../../../src/space/params.ts'
import { createSpace } from '../../../src/space/space.ts'

const layoutFor = (...args: Parameters<typeof createSpace>) => layoutOf(axesOf(createSpace(...args)))

describe('after the margin', () => {
  const layout = layoutFor({ n: int(0, 9) })
  const alpha = 1 / 5
  const narrow = (mean: number, step: number): Distribution => ({
    ...sphere(layout, Float64Array.of(mean), step),
    mean: Float64Array.of(mean),
  })
  const chances = (distribution: Distribution, low: number, high: number) => {
    const [m = 0, width = 1] = [distribution.mean[0], deviations(distribution)[0]]
    return [normalCdf((low - m) / width), normalCdf((m - high) / width)]
  }

  test('both neighbours of a middle value are drawn with at least half of α each', () => {
    for (const mean of [0.401, 0.45, 0.499]) {
      const [below = 0, above = 0] = chances(withMargin(narrow(mean, 1e-4), layout, 5), 0.4, 0.5)
      expect(below + above).toBeGreaterThan(0.9 * alpha)
      expect(Math.min(below, above)).toBeGreaterThan(0.45 * alpha)
    }
  })

  test('the neighbour of an end value is drawn with α', () => {
    for (const mean of [-3, 0.02]) {
      const [, above = 0] = chances(withMargin(narrow(mean, 1e-3), layout, 5), 0, 0.1)
      expect(above).toBeCloseTo(alpha, 10)
    }
  })

  test('what is wide enough already stays as it is', () => {
    const wide = narrow(0.45, 0.3)
    const after = withMargin(wide, layout, 5)
    expect(after.mean[0]).toBeCloseTo(0.45, 10)
    expect(after.stretch[0]).toBeCloseTo(1, 10)
  })

  test('no option is given up, and shares sum to 1', () => {
    const options = layoutFor({ c: choice(['a', 'b', 'c']), x: float(0, 1) })
    const sure = { ...sphere(options, Float64Array.of(Number.NaN, 0.5), 0.2), shares: [Float64Array.of(1, 0, 0)] }
    const [shares = new Float64Array(0)] = withMargin(sure, options, 5).shares
    expect(shares[1]).toBeCloseTo((1 - 0.73) / 2, 12)
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  })
})

test('bits that count little are found, where plain rounding leaves them as they were when the floats converged', () => {
  // SphereLeadingOnes of the paper: a bit counts only once all before it are set.
  const bits = [0, 1, 2, 3, 4]
  const space = createSpace({
    ...Object.fromEntries([0, 1, 2].map((i) => [`x${i}`, float(-1, 1)])),
    ...Object.fromEntries(bits.map((i) => [`z${i}`, int(0, 1)])),
  })
  const layout = layoutOf(axesOf(space))
  const population = populationFor(8)
  const wrong = (params: Assignment) => {
    const leading = bits.findIndex((i) => params[`z${i}`] !== 1)
    return leading < 0 ? 0 : bits.length - leading
  }
  const loss = (params: Assignment) =>
    [0, 1, 2].reduce((sum, i) => sum + (Number(params[`x${i}`]) - 0.3) ** 2, 0.01 * wrong(params))

  const wrongBits = (seed: number, margin: boolean) => {
    const keep = (d: Distribution) => (margin ? withMargin(d, layout, population) : d)
    let distribution = keep(sphere(layout, new Float64Array(8).fill(0.5), 1 / 6))
    let best = { found: Number.POSITIVE_INFINITY, wrong: bits.length }
    for (let g = 0; g < 60; g++) {
      const told = Array.from({ length: population }, (_, i) => {
        const random = createRandom(seed, g * population + i, 'test')
        const params = assignmentOf(space, layout.axes, drawFrom(distribution, layout, random))
        const found = loss(params)
        if (found < best.found) best = { found, wrong: wrong(params) }
        const point = pointOf(layout.axes, params)
        const numbers = margin ? recall(distribution, layout, point, random) : point
        return { numbers, options: new Float64Array(0), found }
      }).sort((a, b) => a.found - b.found)
      distribution = keep(update(distribution, layout, told))
    }
    return best.wrong
  }
  const seeds = [1, 2, 3, 4, 5, 6]
  expect(seeds.map((seed) => wrongBits(seed, true))).toEqual([0, 0, 0, 0, 0, 0])
  expect(seeds.filter((seed) => wrongBits(seed, false) > 0).length).toBeGreaterThanOrEqual(4)
})
