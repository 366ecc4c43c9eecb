import { expect, test } from 'vitest'
import { hypervolume } from '../../src/numerics/hypervolume.ts'
import { smsEgo } from '../../src/samplers/sms-ego.ts'
import { choice, float, int } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { streams } from './history.ts'
import { optimize } from './nsga2/optimize.ts'

samplerConformance('smsEgo', smsEgo, { adaptive: true, slow: true })

const five = createSpace(Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`x${i}`, float(0, 1)])))

/** ZDT1 (Zitzler, Deb and Thiele, Evol. Comput. 8, 2000): its front is b = 1 - √a. */
function zdt1(params: { readonly [name: string]: unknown }) {
  const [first = 0, ...rest] = Object.values(params).map(Number)
  const g = 1 + (9 * rest.reduce((sum, v) => sum + v, 0)) / rest.length
  return { a: first, b: g * (1 - Math.sqrt(first / g)) }
}

test('has come to the front of ZDT1 after 60 trials', () => {
  const trials = optimize(smsEgo(), five, zdt1, { trials: 60 })
  const found = trials.map(({ metrics }) => [metrics?.a ?? 2, metrics?.b ?? 2])
  // The front itself has 1.21 - 1/3.
  expect(hypervolume(found, [1.1, 1.1])).toBeGreaterThan(0.95 * (1.21 - 1 / 3))
})

test('with several trials at once too', () => {
  const trials = optimize(smsEgo(), five, zdt1, { trials: 45, parallel: 4 })
  const found = trials.map(({ metrics }) => [metrics?.a ?? 2, metrics?.b ?? 2])
  expect(hypervolume(found, [1.1, 1.1])).toBeGreaterThan(0.75 * (1.21 - 1 / 3))
})

test('trades off in a mixed space, when one metric is to be maximised and another must stay below a bound', () => {
  const space = createSpace({
    rate: float(1e-4, 1, { scale: 'log' }),
    width: int(1, 16),
    kind: choice({ deep: { layers: int(1, 6) }, wide: {}, odd: {} }),
  })
  const trials = optimize(
    smsEgo(),
    space,
    ({ rate, width, kind, ...inner }) => {
      const layers = kind === 'deep' ? Number(inner['deep.layers']) : 1
      const cost = Number(width) * layers
      const fit = 1 - Math.exp(-cost / 20) - 0.1 * (Math.log10(Number(rate)) + 2) ** 2 - (kind === 'odd' ? 0.3 : 0)
      return { a: fit, b: cost, memory: Number(width) }
    },
    {
      trials: 60,
      with: {
        goal: 'maximize',
        objectives: [
          { metric: 'a', goal: 'maximize' },
          { metric: 'b', goal: 'minimize' },
        ],
        bounds: [{ metric: 'memory', atMost: 10 }],
      },
    },
  )
  const late = trials.slice(-25)
  expect(late.filter(({ state }) => state === 'infeasible').length).toBeLessThan(12)
  const losses = trials
    .filter(({ state }) => state === 'complete')
    .map(({ metrics }) => [1 - (metrics?.a ?? 0), (metrics?.b ?? 100) / 100])
  // Of the best fit at every cost from 1 to 60.
  const front = Array.from({ length: 60 }, (_, i) => [Math.exp(-(i + 1) / 20), (i + 1) / 100])
  expect(hypervolume(losses, [1, 1])).toBeGreaterThan(0.88 * hypervolume(front, [1, 1]))
})

test('does not ask for what constraints forbid, and looks elsewhere', () => {
  const allows = ({ x1 }: { readonly [name: string]: unknown }) => Number(x1) > 0.3
  const trials = optimize(smsEgo(), five, zdt1, { trials: 40, with: { allows } })
  expect(trials.every(({ params }) => allows(params))).toBe(true)
  const best = Math.min(...trials.slice(20).map(({ params }) => Number(params.x1)))
  expect(best).toBeLessThan(0.35)
})

test('minimises a single metric as well', () => {
  const sum = (params: { readonly [name: string]: unknown }) =>
    Object.values(params).reduce<number>((total, v) => total + (Number(v) - 0.4) ** 2, 0)
  const trials = optimize(smsEgo(), five, (params) => ({ a: sum(params) }), { trials: 40 })
  expect(Math.min(...trials.map(({ value = 9 }) => value))).toBeLessThan(0.01)
})

test('says what it did', () => {
  const trials = optimize(smsEgo(), five, zdt1, { trials: 15 })
  const view = { space: five, metric: 'a', goal: 'minimize', seed: 1, trials } as const
  expect(smsEgo().explain?.(view)).toMatch(/drew 10 trials at random/)
  expect(smsEgo().suggest(view, 2, streams(1))).toHaveLength(2)
})
