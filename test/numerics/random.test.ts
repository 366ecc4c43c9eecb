import fc from 'fast-check'
import { expect, test } from 'vitest'
import { philox4x32 } from '../../src/numerics/philox.ts'
import { createRandom, deriveSeed, type Random } from '../../src/numerics/random.ts'

const draw = (count: number, next: () => number) => Array.from({ length: count }, next)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Chi-square of counts against equal shares. */
function chiSquare(counts: readonly number[]): number {
  const share = mean(counts)
  return counts.reduce((sum, count) => sum + (count - share) ** 2 / share, 0)
}

function tally(count: number, cells: number, cell: () => number): number[] {
  const counts = new Array<number>(cells).fill(0)
  for (let i = 0; i < count; i++) {
    const c = cell()
    counts[c] = (counts[c] ?? 0) + 1
  }
  return counts
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? 0) - my), 0)
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB))
}

const FULL_SEED = 2 ** 53 - 1

test('a key always gives the same stream, whatever other streams draw', () => {
  const keys = fc.tuple(fc.maxSafeNat(), fc.nat(0xffffffff), fc.string())
  fc.assert(
    fc.property(keys, keys, (key, other) => {
      const [a, b, noise] = [createRandom(...key), createRandom(...key), createRandom(...other)]
      const alone = draw(9, a.next)
      const mingled = draw(9, () => {
        noise.normal()
        return b.next()
      })
      expect(mingled).toEqual(alone)
    }),
  )
})

test('seed, trial and purpose each open a stream of their own, uncorrelated with the others', () => {
  const keys: [number, number, string][] = [
    [1, 0, 'a'],
    [2, 0, 'a'],
    // Differ from the first in the high half of the seed only.
    [2 ** 32 + 1, 0, 'a'],
    [FULL_SEED, 0, 'a'],
    [1, 1, 'a'],
    [1, 2 ** 32 - 1, 'a'],
    [1, 0, 'b'],
    [1, 0, ''],
    [1, 0, 'aa'],
    // Exchanged roles must not coincide.
    [0, 1, 'a'],
  ]
  const streams = keys.map((key) => draw(4000, createRandom(...key).next))
  for (const [i, a] of streams.entries()) {
    for (const b of streams.slice(i + 1)) {
      expect(a.slice(0, 8)).not.toEqual(b.slice(0, 8))
      // Five standard deviations of the correlation of independent streams.
      expect(Math.abs(correlation(a, b))).toBeLessThan(5 / Math.sqrt(4000))
    }
  }
})

test('no two of many purposes share a stream', () => {
  const purposes = ['halton', 'sampler', 'weights', 'shuffle', 'dropout'].flatMap((name) =>
    Array.from({ length: 2000 }, (_, i) => `${name}/${i}`),
  )
  const firsts = new Set(purposes.map((purpose) => createRandom(7, 3, purpose).next()))
  expect(firsts.size).toBe(purposes.length)
})

test('next is 53 bits of philox words, high word first', () => {
  // With no purpose the counter's last words are the offsets of the hash, so the words can be had from philox itself.
  const [high, low] = philox4x32([0, 5, 0x811c9dc5, 0x9747b28c], [9, 1])
  expect(createRandom(2 ** 32 + 9, 5, '').next()).toBe(((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53)
})

test('next is uniform in [0, 1)', () => {
  const { next } = createRandom(11, 0, 'uniform')
  const values = draw(50_000, next)
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
  const counts = tally(50_000, 100, () => Math.floor(next() * 100))
  // 99 degrees of freedom: 99.99% of uniform samples are below 161, 99.99% above 53.
  expect(chiSquare(counts)).toBeLessThan(161)
  expect(chiSquare(counts)).toBeGreaterThan(53)
  // The lowest bits are as random as the highest.
  const odd = tally(20_000, 2, () => (next() * 2 ** 53) % 2)
  expect(chiSquare(odd)).toBeLessThan(15.2)
})

test('int is uniform over its bound and stays below it', () => {
  const { int } = createRandom(12, 0, 'int')
  // 6 degrees of freedom, 99.99%.
  expect(chiSquare(tally(14_000, 7, () => int(7)))).toBeLessThan(27.9)
  expect(draw(100, () => int(1)).every((value) => value === 0)).toBe(true)
  const wide = draw(1000, () => int(2 ** 53))
  expect(wide.every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true)
  expect(mean(wide) / 2 ** 53).toBeCloseTo(0.5, 1)
})

test('normal has the moments and the tails of the standard normal', () => {
  const count = 40_000
  const values = draw(count, createRandom(13, 0, 'normal').normal)
  const moment = (power: number) => mean(values.map((value) => value ** power))
  // Five standard errors: the variance of x^k is 1, 2, 15 and 96 for k = 1 … 4.
  const within = (variance: number) => 5 * Math.sqrt(variance / count)
  expect(Math.abs(moment(1))).toBeLessThan(within(1))
  expect(Math.abs(moment(2) - 1)).toBeLessThan(within(2))
  expect(Math.abs(moment(3))).toBeLessThan(within(15))
  expect(Math.abs(moment(4) - 3)).toBeLessThan(within(96))
  const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / count
  expect(Math.abs(beyond - 0.05)).toBeLessThan(within(0.05 * 0.95))
  // The two normals of one draw are independent of each other.
  const pairs = [values.filter((_, i) => i % 2 === 0), values.filter((_, i) => i % 2 === 1)] as const
  expect(Math.abs(correlation(...pairs))).toBeLessThan(5 / Math.sqrt(count / 2))
})

test('a permutation holds every integer once, and every order is equally likely', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(60), (seed, length) => {
      const order = createRandom(seed, 0, 'permutation').permutation(length)
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i))
    }),
  )
  const random: Random = createRandom(14, 0, 'orders')
  const orders = ['012', '021', '102', '120', '201', '210']
  const counts = tally(12_000, 6, () => orders.indexOf(random.permutation(3).join('')))
  // 5 degrees of freedom, 99.99%.
  expect(chiSquare(counts)).toBeLessThan(25.7)
})

test('a derived seed fits 32 bits and differs between trials and purposes', () => {
  const seeds = Array.from({ length: 1000 }, (_, trial) => deriveSeed(FULL_SEED, trial, 'trial'))
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true)
  expect(new Set(seeds).size).toBe(1000)
  expect(deriveSeed(1, 0, 'a')).toBe(deriveSeed(1, 0, 'a'))
  expect(deriveSeed(1, 0, 'a')).not.toBe(deriveSeed(1, 0, 'b'))
})
