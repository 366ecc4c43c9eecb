import { expect, test } from 'vitest'
import { bootstrapInterval, resample } from '../../src/numerics/bootstrap.ts'

const numbers = Array.from({ length: 100 }, (_, i) => Math.sin(i) * 3 + i / 20)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('the bootstrap interval of a mean is that of theory', () => {
  const centre = mean(numbers)
  const error = Math.sqrt(mean(numbers.map((value) => (value - centre) ** 2)) / numbers.length)
  const [low, high] = bootstrapInterval((random) => mean(resample(numbers, random)), { repeats: 4000 })
  expect(Math.abs((low - centre) / error + 1.96)).toBeLessThan(0.15)
  expect(Math.abs((high - centre) / error - 1.96)).toBeLessThan(0.15)
  const [, narrower] = bootstrapInterval((random) => mean(resample(numbers, random)), { repeats: 4000, level: 0.68 })
  expect(Math.abs((narrower - centre) / error - 0.994)).toBeLessThan(0.1)
})

test('the same seed gives the same interval, infinite values stay outside', () => {
  const draw = (seed: number) => bootstrapInterval((random) => mean(resample(numbers, random)), { seed, repeats: 100 })
  expect(draw(3)).toEqual(draw(3))
  expect(draw(3)).not.toEqual(draw(4))
  // 3 in 10 are infinite: so is the upper end.
  expect(bootstrapInterval((random) => (random.next() < 0.3 ? Number.POSITIVE_INFINITY : 1))).toEqual([
    1,
    Number.POSITIVE_INFINITY,
  ])
})
