import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MinimizeOptions, minimize, type Objective } from '../../src/numerics/l-bfgs.ts'

const EXACT: MinimizeOptions = { maxIterations: 1000, gradientTolerance: 1e-9, functionTolerance: 1e-15 }
const box = (size: number, low: number, high: number): MinimizeOptions => ({
  ...EXACT,
  lower: Array(size).fill(low),
  upper: Array(size).fill(high),
})

/** A function given its value and its derivatives. */
const objective =
  (value: (x: Float64Array) => number, derivatives: (x: Float64Array) => readonly number[]): Objective =>
  (x, gradient) => {
    gradient.set(derivatives(x))
    return value(x)
  }

const rosenbrock: Objective = (x, gradient) => {
  let sum = 0
  gradient.fill(0)
  for (let i = 0; i + 1 < x.length; i++) {
    const [a = 0, b = 0] = x.subarray(i, i + 2)
    const [valley, along] = [b - a * a, 1 - a]
    sum += 100 * valley ** 2 + along ** 2
    gradient[i] = (gradient[i] ?? 0) - 400 * a * valley - 2 * along
    gradient[i + 1] = 200 * valley
  }
  return sum
}

const beale = objective(
  ([a = 0, b = 0]) => (1.5 - a + a * b) ** 2 + (2.25 - a + a * b ** 2) ** 2 + (2.625 - a + a * b ** 3) ** 2,
  ([a = 0, b = 0]) => {
    const [s, t, u] = [1.5 - a + a * b, 2.25 - a + a * b ** 2, 2.625 - a + a * b ** 3]
    return [2 * (s * (b - 1) + t * (b ** 2 - 1) + u * (b ** 3 - 1)), 2 * (s * a + t * 2 * a * b + u * 3 * a * b ** 2)]
  },
)

const styblinski = objective(
  (x) => x.reduce((sum, u) => sum + u ** 4 - 16 * u ** 2 + 5 * u, 0) / 2,
  (x) => [...x].map((u) => (4 * u ** 3 - 32 * u + 5) / 2),
)

/** A parabola with axes of their own directions and curvatures from 1 to `condition`. */
function bowl(size: number, condition: number): Objective {
  const indices = Array.from({ length: size }, (_, i) => i)
  const centre = indices.map((i) => 2 * Math.sin(i + 1))
  const norm = Math.hypot(...indices.map(Math.cos))
  const mirror = (x: readonly number[]) => {
    const along = x.reduce((sum, u, i) => sum + (u * Math.cos(i)) / norm, 0)
    return x.map((u, i) => u - (2 * along * Math.cos(i)) / norm)
  }
  const slope = (x: Float64Array) =>
    mirror(mirror(centre.map((c, i) => (x[i] ?? 0) - c)).map((u, i) => u * condition ** (i / (size - 1))))
  return objective((x) => slope(x).reduce((sum, g, i) => sum + g * ((x[i] ?? 0) - (centre[i] ?? 0)), 0) / 2, slope)
}

// scipy 1.17, minimize(method='L-BFGS-B', ftol=1e-15, gtol=1e-8), from the same start.
test.each<[name: string, of: Objective, start: number[], options: MinimizeOptions, value: number, x: number[]]>([
  ['Rosenbrock in 2 dimensions', rosenbrock, [-1.2, -1.2], box(2, -5, 10), 0, [1, 1]],
  ['Rosenbrock in 10 dimensions', rosenbrock, Array(10).fill(-1.2), box(10, -5, 10), 0, Array(10).fill(1)],
  ['Rosenbrock short of its minimum', rosenbrock, [-1.2, -1.2], box(2, -2, 0.5), 0.25, [0.5, 0.25]],
  [
    'Rosenbrock short of its minimum, in 5 dimensions',
    rosenbrock,
    Array(5).fill(-1.2),
    box(5, -2, 0.5),
    2.645665887626858,
    [0.5, 0.263037379, 0.0799623278, 0.0162316573, 0.000263466673],
  ],
  ['Rosenbrock beyond its minimum', rosenbrock, [3, 3], box(2, 1.2, 4), 0.03999999999999998, [1.2, 1.44]],
  [
    'Rosenbrock between both bounds',
    rosenbrock,
    Array(5).fill(3),
    box(5, 1.2, 4),
    6.546328011884425,
    [1.2, 1.22868623, 1.42460872, 2.00114605, 4],
  ],
  ['Beale', beale, [1, 1], box(2, -4.5, 4.5), 0, [3, 0.5]],
  ['Beale short of its minimum', beale, [1, 1], box(2, -4.5, 2), 0.5233448360104926, [2, 0.17008792]],
  [
    'Styblinski-Tang',
    styblinski,
    [-1, 0.5, -3, 2],
    box(4, -5, 5),
    -128.39122471811072,
    [-2.90353403, 2.74680277, -2.90353403, 2.74680277],
  ],
  ['a bowl', bowl(5, 10), Array(5).fill(0), EXACT, 0, [1.68294197, 1.81859485, 0.28224002, -1.51360499, -1.91784855]],
  [
    'a bowl in a box',
    bowl(5, 10),
    Array(5).fill(0),
    box(5, -1, 1),
    4.034533298874008,
    [1, 1, 0.19573528, -0.95201264, -1],
  ],
  ['a narrow bowl in a box', bowl(20, 1e4), Array(20).fill(0), box(20, -1, 1), 534.8399874125311, [1, 1, -1, -1, -1]],
])('%s has the minimum that scipy finds', (_, of, start, options, value, x) => {
  const found = minimize(of, start, options)
  expect(Math.abs(found.value - value)).toBeLessThan(1e-12 * (1 + Math.abs(value)))
  for (const [i, at] of x.entries()) expect(found.x[i]).toBeCloseTo(at, 5)
  expect(found.ended).not.toBe('iterations')
})

describe('a minimum', () => {
  const value = fc.double({ min: -3, max: 3, noNaN: true })

  test('of a convex function in a box has its derivatives point out of the box, or to nowhere', () => {
    const size = fc.integer({ min: 1, max: 8 })
    const problem = size.chain((n) =>
      fc.record({
        start: fc.array(value, { minLength: n, maxLength: n }),
        centre: fc.array(value, { minLength: n, maxLength: n }),
        root: fc.array(fc.array(value, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
        low: fc.array(fc.double({ min: -2, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
      }),
    )
    fc.assert(
      fc.property(problem, ({ start, centre, root, low }) => {
        const upper = low.map((at) => at + 1)
        // |R (x - c)|² / 2 + |x - c|² / 20
        const residual = (x: Float64Array) =>
          root.map((row) => row.reduce((sum, r, i) => sum + r * ((x[i] ?? 0) - (centre[i] ?? 0)), 0))
        const of = objective(
          (x) =>
            residual(x).reduce((sum, r) => sum + r * r, 0) / 2 +
            x.reduce((sum, u, i) => sum + (u - (centre[i] ?? 0)) ** 2, 0) / 20,
          (x) => {
            const rest = residual(x)
            return centre.map((c, i) =>
              rest.reduce((sum, r, k) => sum + r * (root[k]?.[i] ?? 0), ((x[i] ?? 0) - c) / 10),
            )
          },
        )
        const { x } = minimize(of, start, { ...EXACT, lower: low, upper })
        const gradient = new Float64Array(x.length)
        of(x, gradient)
        for (const [i, slope] of gradient.entries()) {
          const at = x[i] ?? Number.NaN
          expect(at).toBeGreaterThanOrEqual(low[i] ?? Number.NaN)
          expect(at).toBeLessThanOrEqual(upper[i] ?? Number.NaN)
          if (at > (low[i] ?? 0) + 1e-6) expect(slope).toBeLessThan(1e-4)
          if (at < (upper[i] ?? 0) - 1e-6) expect(slope).toBeGreaterThan(-1e-4)
        }
      }),
    )
  })

  test('is never above the start, and the function is never asked about a place out of bounds', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 9 }), (start, most) => {
        const lower = [-2, -1, 0.1, -2]
        const upper = [2, 1, 0.7, -2]
        const watched: Objective = (x, gradient) => {
          for (const [i, at] of x.entries()) expect(at).toBe(Math.min(upper[i] ?? 0, Math.max(lower[i] ?? 0, at)))
          return rosenbrock(x, gradient)
        }
        const inside = start.map((at, i) => Math.min(upper[i] ?? 0, Math.max(lower[i] ?? 0, at)))
        const { value: found, iterations } = minimize(watched, start, { lower, upper, maxIterations: most })
        expect(found).toBeLessThanOrEqual(rosenbrock(Float64Array.from(inside), new Float64Array(4)))
        expect(iterations).toBeLessThanOrEqual(most)
      }),
    )
  })

  test('is found beside places where the function has no value', () => {
    for (const beyond of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      // x - log x, which is nothing below 0: its first steps from 20 lead there.
      const barrier = objective(
        (x) => (x.every((u) => u > 0) ? x.reduce((sum, u) => sum + u - Math.log(u), 0) : beyond),
        (x) => [...x].map((u) => 1 - 1 / u),
      )
      const found = minimize(barrier, [20, 0.01, 3], EXACT)
      expect(found.value).toBeCloseTo(3, 12)
      // A value without a gradient is none either.
      const edge = objective(
        ([u = 0]) => u * u,
        ([u = 0]) => [u < 1 ? beyond : 2 * u],
      )
      expect(minimize(edge, [4], EXACT).x[0]).toBeGreaterThanOrEqual(1)
      expect(minimize(edge, [4], EXACT).x[0]).toBeLessThan(1.3)
    }
  })

  test('is reached from far away, over flat ground, and on any scale', () => {
    for (const scale of [1e-6, 1, 1e6]) {
      const wide = objective(
        ([a = 0, b = 0]) => Math.hypot(1, a / scale - 3) + Math.hypot(1, b / scale + 2),
        ([a = 0, b = 0]) => [a / scale - 3, b / scale + 2].map((offset) => offset / Math.hypot(1, offset) / scale),
      )
      const { x } = minimize(wide, [100 * scale, -100 * scale], { ...EXACT, gradientTolerance: 1e-9 / scale })
      expect((x[0] ?? 0) / scale).toBeCloseTo(3, 4)
      expect((x[1] ?? 0) / scale).toBeCloseTo(-2, 4)
    }
  })

  test('is the start where there is nothing to gain, to vary, or to see', () => {
    const zero = minimize(bowl(3, 1), [2 * Math.sin(1), 2 * Math.sin(2), 2 * Math.sin(3)])
    expect(zero).toMatchObject({ iterations: 0, evaluations: 1, ended: 'gradient' })
    expect(minimize(() => 4, [])).toMatchObject({ value: 4, ended: 'gradient' })
    expect(minimize(() => Number.NaN, [1, 2])).toMatchObject({ x: Float64Array.of(1, 2), ended: 'stuck' })
    expect(minimize(rosenbrock, [7, 7], { lower: [2, 3], upper: [2, 3] })).toMatchObject({
      x: Float64Array.of(2, 3),
      ended: 'gradient',
    })
    expect(minimize(rosenbrock, [-1.2, 1], { maxIterations: 3 })).toMatchObject({ iterations: 3, ended: 'iterations' })
    const wrong = objective(
      ([u = 0]) => u,
      () => [-1],
    )
    expect(minimize(wrong, [1], { lower: [0], upper: [5] })).toMatchObject({ value: 1, ended: 'stuck' })
  })
})
