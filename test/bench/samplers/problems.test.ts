import { expect, test } from 'vitest'
import { FAMILIES } from '../../../bench/samplers/problems/families.ts'
import { MULTI_OBJECTIVE } from '../../../bench/samplers/problems/multi-objective.ts'
import type { Problem } from '../../../bench/samplers/problems/problem.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { createSpace } from '../../../src/space/space.ts'

const all = Object.values(FAMILIES).flat()

/** Where each problem is least, as the literature has it or as its terms are built. */
const BEST: Readonly<Record<string, object>> = {
  branin2: { x0: (Math.PI + 5) / 15, x1: 2.275 / 15 },
  hartmann6: cube(0.20168952, 0.15001069, 0.47687398, 0.27533243, 0.31165162, 0.65730054),
  ackley5: cube(...times(5, (32.768 - 3.7) / 65.536)),
  levy8: cube(...times(8, 0.55)),
  rosenbrock5: cube(...times(5, 0.75)),
  styblinski6: cube(...times(6, (5 - 2.903534027771177) / 10)),
  mixhpo8: {
    ...{ learningRate: 1e-3, weightDecay: 1e-4, oneMinusBeta: 0.1, batchSize: 256, width: 176, depth: 4 },
    ...{ optimizer: 'adam', activation: 'gelu' },
  },
  optimizerChoice: {
    optimizer: { kind: 'adam', learningRate: 10 ** -2.9, beta1: 0.9, beta2: 1 - 10 ** -2.5, epsilon: 1e-10 },
    ...{ weightDecay: 10 ** -4.2, warmup: 0.1, dropout: 0.17 },
  },
  cliff: {
    ...{ learningRate: 10 ** -0.6, momentum: 0.9, initialScale: 1, depth: 6, width: 256, batchSize: 128 },
  },
  noisy: { learningRate: 10 ** -2.5, weightDecay: 10 ** -3.5, dropout: 0.25, batchSize: 64, labelSmoothing: 0.1 },
  layers: {
    ...{ learningRate: 10 ** -2.8, activation: 'swish' },
    network: { kind: 'three', width1: 256, width2: 128, width3: 32, skip: true },
  },
  integers: {
    ...{ blocks: 5, filters: 64, kernel: 3, dense: 256, pooling: 'max', batchNorm: true, growth: 4, stride: 2 },
  },
  everything: {
    optimizer: { kind: 'sgd', learningRate: 10 ** -0.3, momentum: 0.9 },
    ...{ schedule: { kind: 'cosine', warmup: 0.08 }, batchSize: 64, weightDecay: 10 ** -3.5, clip: true },
  },
  griewank6: cube(0.37, 0.41, 0.45, 0.49, 0.53, 0.57),
  michalewicz5: cube(...[2.2029055, 1.5707963, 1.2849916, 1.9230585, 1.7204698].map((x) => x / Math.PI)),
  ellipsoid6: cube(...times(6, 0.6)),
  rastrigin4: cube(...times(4, 0.43)),
  camel2: { x0: (2 + 0.0898420131) / 4, x1: (1 - 0.7126564032) / 2 },
  shekel4: cube(0.400074653, 0.400059294, 0.3999663398, 0.3999509796),
  sparse12: { ...cube(...times(12, 0)), x2: 0.31, x5: 0.72, x9: 0.55 },
  boosting: {
    ...{ learningRate: 0.01, trees: 1000, depth: 6, minLeaf: 20, subsample: 0.8, columns: 0.6, lambda: 10 ** 0.3 },
  },
  twoModels: {
    model: { kind: 'network', learningRate: 1e-3, layers: 3, width: 128, activation: 'gelu' },
    dropout: 0.2,
  },
}

test.each(all)('$name is least where it is said to be, and has that value', (problem) => {
  const { value, best, space, name } = problem
  const params = BEST[name] as Parameters<Problem['value']>[0]
  expect(createSpace(space).contains(createSpace(space).flatten(params))).toBe(true)
  expect(value(params) - best).toBeLessThan(1e-5)
  const { sample, nest } = createSpace(space)
  const { next } = createRandom(7, 0, 'test')
  const values = Array.from({ length: 3000 }, () => value(nest(sample(next))))
  const feasible = values.filter((v) => !Number.isNaN(v))
  expect(Math.min(...feasible)).toBeGreaterThanOrEqual(best - 1e-9)
  const share = feasible.length / values.length
  if (problem.infeasible) expect(share).toSatisfy((s: number) => s > 0.3 && s < 0.95)
  else expect(share).toBe(1)
})

test('noise is that of the stream, with the deviation that a problem says', () => {
  for (const { space, evaluate, value, noise } of all.filter((problem) => problem.noise !== undefined)) {
    const { sample, nest } = createSpace(space)
    const params = nest(sample(() => 0.3))
    const { normal } = createRandom(1, 2, 'noise')
    const errors = Array.from({ length: 2000 }, (_, i) => evaluate(params, createRandom(1, i, 'noise')) - value(params))
    expect(errors[2]).toBeCloseTo((noise ?? 0) * normal(), 12)
    expect(Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length) / (noise ?? 1)).toBeCloseTo(1, 1)
  }
})

// In closed form: the area between the front and the reference.
test.each([
  ['zdt1', 11.1 - 1 / 3 + 1],
  ['zdt2', 11.1 - 2 / 3 + 1],
])('the best hypervolume of %s is that of its front', (name, volume) => {
  expect(MULTI_OBJECTIVE.find((problem) => problem.name === name)?.best).toBeCloseTo(volume, 4)
})

test('with all other variables at their best, the trade-offs are on the front', () => {
  const [zdt1, zdt2, zdt3, dtlz2] = MULTI_OBJECTIVE.map(({ evaluate, space }, i) => {
    const params = Object.fromEntries(
      Object.keys(space).map((name) => [name, i === 3 ? 0.5 : name === 'x0' ? 0.25 : 0]),
    )
    return evaluate(params)
  })
  expect(zdt1).toEqual([0.25, 0.5])
  expect(zdt2).toEqual([0.25, 1 - 0.0625])
  expect(zdt3?.[1]).toBeCloseTo(0.5 - 0.25 * Math.sin(2.5 * Math.PI), 12)
  expect(Math.hypot(...(dtlz2 ?? []))).toBeCloseTo(1, 12)
})

function cube(...u: number[]): Record<string, number> {
  return Object.fromEntries(u.map((value, i) => [`x${i}`, value]))
}

function times(count: number, value: number): number[] {
  return Array.from({ length: count }, () => value)
}
