import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../../src/numerics/random.ts'
import type { Dataset } from '../../../../src/train/data/dataset.ts'
import { bayesOf } from '../../../../src/train/data/generators/bayes.ts'
import { blender } from '../../../../src/train/data/generators/blender.ts'
import { clicks } from '../../../../src/train/data/generators/clicks.ts'
import { correlatedFeatures } from '../../../../src/train/data/generators/correlated-features.ts'
import { featureProducts } from '../../../../src/train/data/generators/feature-products.ts'
import { linearNeuron } from '../../../../src/train/data/generators/linear-neuron.ts'
import { powerLaw } from '../../../../src/train/data/generators/power-law.ts'
import { sparseFeatures } from '../../../../src/train/data/generators/sparse-features.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { upTo } from '../numbered.ts'

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function covariance(a: readonly number[], b: readonly number[]): number {
  const [meanOfA, meanOfB] = [mean(a), mean(b)]
  return mean(a.map((value, i) => (value - meanOfA) * ((b[i] ?? 0) - meanOfB)))
}

function correlation(a: readonly number[], b: readonly number[]): number {
  return covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b))
}

/** The features of each row. */
function rowsOf({ rows, inputs }: Dataset, name = 'features'): number[][] {
  const [width = 0] = inputs[name]?.shape ?? []
  return upTo(rows).map((row) => [...(inputs[name]?.values.subarray(row * width, (row + 1) * width) ?? [])])
}

function columnOf({ rows, inputs }: Dataset, column: number, name = 'features'): number[] {
  const [width = 0] = inputs[name]?.shape ?? []
  return upTo(rows).map((row) => inputs[name]?.values[row * width + column] ?? 0)
}

test.each([
  ['linear neuron', (seed: number) => linearNeuron({ rows: 10, weights: [1, 2], seed })],
  ['blender', (seed: number) => blender({ rows: 10, seed })],
  ['feature products', (seed: number) => featureProducts({ rows: 10, width: 5, order: 2, seed })],
  ['clicks', (seed: number) => clicks({ rows: 10, values: 5, seed })],
  ['correlated features', (seed: number) => correlatedFeatures({ rows: 10, seed })],
  ['sparse features', (seed: number) => sparseFeatures({ rows: 10, seed })],
])('%s follow from the seed', (_name, generate: (seed: number) => { dataset: Dataset }) => {
  expect(generate(3).dataset).toEqual(generate(3).dataset)
  expect(generate(3).dataset.inputs).not.toEqual(generate(4).dataset.inputs)
})

describe('a linear neuron', () => {
  test('is exact without noise', () => {
    const { dataset, truth } = linearNeuron({ rows: 50, weights: [3, -2], bias: 0.5 })
    expect(truth).toEqual({ weights: [3, -2], bias: 0.5, noise: 0 })
    for (const [row, [a = 0, b = 0]] of rowsOf(dataset).entries()) {
      expect(dataset.labels.values[row]).toBeCloseTo(3 * a - 2 * b + 0.5, 5)
    }
  })

  test('has the noise asked for', () => {
    const { dataset } = linearNeuron({ rows: 4000, weights: [1], noise: 0.3 })
    const residuals = rowsOf(dataset).map(([x = 0], row) => (dataset.labels.values[row] ?? 0) - x)
    // The standard error of a variance of 0.09 over 4000 rows is 0.002.
    expect(Math.abs(covariance(residuals, residuals) - 0.09)).toBeLessThan(0.006)
  })
})

test('the blender is the formula of the tutorial over the grid of its features', () => {
  const { dataset, truth } = blender({ rows: 20_000 })
  const [counts, seen] = [
    [200, 24, 6],
    [new Set<number>(), new Set<number>(), new Set<number>()],
  ]
  for (const [row, x] of rowsOf(dataset).entries()) {
    const [x1 = 0, x2 = 0, x3 = 0] = x
    const y = 0.1 * x1 + 0.4 * x2 + 0.7 * x3 + 0.1 * x1 * x2 + 3.1 * x2 * x3 + 0.1 * x3 ** 2
    expect(dataset.labels.values[row]).toBe(Math.fround(truth.target(x)))
    expect(Math.abs((dataset.labels.values[row] ?? 0) - y)).toBeLessThan(1e-6)
    x.forEach((value, i) => {
      seen[i]?.add(Math.round(value * (counts[i] ?? 0)))
    })
  }
  expect(seen.map((values) => values.size)).toEqual(counts)
  expect(seen.map((values) => Math.max(...values))).toEqual([199, 23, 5])
  expect(blender().dataset.rows).toBe(100_000)
})

describe('products of features', () => {
  test('are sums of the terms that the truth names, of different features each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(100), (order, seed) => {
        const { dataset, truth } = featureProducts({ rows: 5, width: 6, order, seed })
        expect(truth.terms).toHaveLength(6)
        expect(new Set(truth.terms.map(({ features }) => features.join())).size).toBe(6)
        for (const { features } of truth.terms) expect(new Set(features).size).toBe(order)
        for (const [row, x] of rowsOf(dataset).entries()) {
          const y = truth.terms.reduce((sum, { coefficient, features }) => {
            return sum + coefficient * features.reduce((product, i) => product * (x[i] ?? 0), 1)
          }, 0)
          expect(dataset.labels.values[row]).toBeCloseTo(y, 4)
        }
      }),
      { numRuns: 20 },
    )
  })

  test.each([1, 2, 3, 4])('of order %i have variance 1, and nothing that fewer features explain', (order) => {
    const { dataset } = featureProducts({ rows: 20_000, width: 8, order, seed: 5 })
    const y = [...dataset.labels.values]
    expect(mean(y)).toBeCloseTo(0, 1)
    expect(Math.abs(covariance(y, y) - 1)).toBeLessThan(0.1)
    const alone = upTo(8).map((i) => correlation(columnOf(dataset, i), y) ** 2)
    const explained = alone.reduce((sum, value) => sum + value, 0)
    if (order === 1) expect(explained).toBeCloseTo(1, 1)
    else expect(explained).toBeLessThan(0.01)
  })

  test('that there are not are refused', () => {
    for (const options of [
      { width: 3, order: 4 },
      { width: 4, order: 2, terms: 7 },
      { width: 4, order: 0 },
    ]) {
      expect(thrownBy(() => featureProducts({ rows: 1, ...options }))).toMatchObject({
        code: 'data.invalid',
        path: 'terms',
      })
    }
  })
})

describe('what no classifier can beat', () => {
  test('is what counting over all labellings gives', () => {
    // Three rows, eight labellings; AUC as the ratio of expectations over pairs of rows, a row with itself as a tie.
    const p = [0.2, 0.7, 0.7]
    const pairs = upTo(3).flatMap((i) => upTo(3).map((j) => [p[i] ?? 0, p[j] ?? 0] as const))
    const weight = ([a, b]: readonly [number, number]) => a * (1 - b)
    const total = pairs.reduce((sum, pair) => sum + weight(pair), 0)
    const wins = pairs.reduce(
      (sum, pair) => sum + weight(pair) * (pair[0] > pair[1] ? 1 : pair[0] === pair[1] ? 0.5 : 0),
      0,
    )
    const entropy = (q: number) => -q * Math.log(q) - (1 - q) * Math.log(1 - q)
    const { auc, logLoss, accuracy } = bayesOf(p)
    expect(auc).toBeCloseTo(wins / total, 12)
    expect(logLoss).toBeCloseTo((entropy(0.2) + 2 * entropy(0.7)) / 3, 12)
    expect(accuracy).toBeCloseTo((0.8 + 0.7 + 0.7) / 3, 12)
  })

  test('is perfect for certain labels and chance for equal ones', () => {
    const certain = bayesOf([0, 0, 1, 1])
    expect(certain).toEqual({ logLoss: 0, accuracy: 1, auc: 1 })
    expect(bayesOf([0.5, 0.5, 0.5]).auc).toBeCloseTo(0.5, 12)
  })

  test.each([
    ['clicks', () => clicks({ rows: 10_000, seed: 2 })],
    ['correlated features', () => correlatedFeatures({ rows: 10_000, copies: 3, seed: 2 })],
    ['sparse features', () => sparseFeatures({ rows: 10_000, width: 100, seed: 2 })],
  ] as const)('is what the true probabilities of %s score on the labels drawn', (_name, generate) => {
    const { dataset, truth } = generate()
    const { probabilities, bayes } = truth
    const labels = [...dataset.labels.values]
    const loss = mean(probabilities.map((p, i) => -Math.log(labels[i] === 1 ? p : 1 - p)))
    const accuracy = mean(probabilities.map((p, i) => (p > 0.5 === (labels[i] === 1) ? 1 : 0)))
    // AUC by ranks: U / (n1 n0).
    const order = upTo(labels.length).sort((a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0))
    const ones = labels.filter((label) => label === 1).length
    const ranks = order.reduce((sum, row, rank) => sum + (labels[row] === 1 ? rank + 1 : 0), 0)
    const auc = (ranks - (ones * (ones + 1)) / 2) / (ones * (labels.length - ones))
    expect(Math.abs(loss - bayes.logLoss)).toBeLessThan(0.015)
    expect(Math.abs(accuracy - bayes.accuracy)).toBeLessThan(0.015)
    expect(Math.abs(auc - bayes.auc)).toBeLessThan(0.015)
  })
})

describe('clicks', () => {
  const { dataset, truth } = clicks({
    rows: 20_000,
    fields: 4,
    values: 30,
    exponent: 1.5,
    crosses: 1,
    single: 0,
    crossed: 2,
  })

  test('have ids unique across fields, and as many of them 1 as asked for', () => {
    for (const field of upTo(4)) {
      const ids = columnOf(dataset, field, 'categories')
      expect([Math.min(...ids), Math.max(...ids)]).toEqual([field * 30, field * 30 + 29])
    }
    expect(mean([...truth.probabilities])).toBeCloseTo(0.25, 6)
    expect(Math.abs(mean([...dataset.labels.values]) - 0.25)).toBeLessThan(0.01)
  })

  test('follow from the values of the crossed fields together, and from nothing else', () => {
    const [[a, b] = [0, 0]] = truth.crosses
    expect([truth.crosses.length, a < b]).toEqual([1, true])
    const known = new Map<string, number>()
    for (const [row, ids] of rowsOf(dataset, 'categories').entries()) {
      const pair = `${ids[a]} ${ids[b]}`
      const p = truth.probabilities[row] ?? 0
      expect(known.get(pair) ?? p).toBe(p)
      known.set(pair, p)
    }
    expect(new Set(known.values()).size).toBe(known.size)
    expect(truth.bayes.auc).toBeGreaterThan(0.7)
  })

  test('cannot have more crosses than pairs', () => {
    expect(thrownBy(() => clicks({ rows: 1, fields: 3, crosses: 4 }))).toMatchObject({ path: 'crosses', value: 4 })
  })
})

test('a power law draws the k-th value with probability proportional to k^-exponent', () => {
  const [draw, random] = [powerLaw(4, 2), createRandom(0, 0, 'power-law')]
  const drawn = upTo(20_000).map(() => draw(random))
  const total = 1 + 1 / 4 + 1 / 9 + 1 / 16
  for (const k of upTo(4)) {
    const share = drawn.filter((value) => value === k).length / drawn.length
    expect(Math.abs(share - (k + 1) ** -2 / total)).toBeLessThan(0.01)
  }
})

describe('the two regimes of dropout', () => {
  test('dense: features of a group correlate as asked for, those of different groups do not', () => {
    const { dataset, truth } = correlatedFeatures({ rows: 5000, groups: 3, copies: 4, correlation: 0.8, strength: 20 })
    const columns = upTo(12).map((i) => columnOf(dataset, i))
    const between = (i: number, j: number) => correlation(columns[i] ?? [], columns[j] ?? [])
    for (const [i, j] of [
      [0, 3],
      [4, 5],
      [8, 11],
    ] as const)
      expect(Math.abs(between(i, j) - 0.8)).toBeLessThan(0.03)
    for (const [i, j] of [
      [0, 4],
      [3, 8],
    ] as const)
      expect(Math.abs(between(i, j))).toBeLessThan(0.06)
    expect(covariance(columns[0] ?? [], columns[0] ?? [])).toBeCloseTo(1, 1)
    expect(truth.bayes.accuracy).toBeGreaterThan(0.9)
  })

  test('sparse: features are 0 or 1 and rare, the later the rarer, and labels are noisy', () => {
    const { dataset, truth } = sparseFeatures({ rows: 5000, width: 200, active: 8, flipped: 0.2 })
    const frequencies = upTo(200).map((i) => mean(columnOf(dataset, i)))
    expect([...new Set(dataset.inputs.features?.values)].toSorted()).toEqual([0, 1])
    expect(Math.abs(frequencies.reduce((sum, p) => sum + p, 0) - 8)).toBeLessThan(0.2)
    // As many from the 26th to the 50th as from the 51st to the 100th, and so on: both sums are about log 2.
    const between = (low: number, high: number) => frequencies.slice(low, high).reduce((sum, p) => sum + p, 0)
    expect(between(25, 50) / between(50, 100)).toBeCloseTo(1, 1)
    expect(between(50, 100) / between(100, 200)).toBeCloseTo(1, 1)
    expect(Math.max(...frequencies.slice(100))).toBeLessThan(0.03)
    expect(truth.bayes.accuracy).toBeLessThan(0.8)
    for (const p of truth.probabilities) expect(Math.abs(p - 0.5)).toBeLessThanOrEqual(0.3)
  })
})
