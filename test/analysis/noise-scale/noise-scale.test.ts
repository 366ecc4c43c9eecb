import { describe, expect, test } from 'vitest'
import { compareNoiseScale } from '../../../src/analysis/noise-scale/compare-noise-scale.ts'
import type { GradientMoments } from '../../../src/analysis/noise-scale/moments.ts'
import { momentsBetween } from '../../../src/analysis/noise-scale/moments-between.ts'
import { noiseScaleCurve } from '../../../src/analysis/noise-scale/noise-scale-curve.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { estimateNoiseScale, noiseMoments } from '../../../src/train/probes/noise-scale.ts'
import { foundIn } from '../../helpers/findings.ts'

const INFINITE = Number.POSITIVE_INFINITY

/**
 * Gradients of a quadratic with H = diag(1 / i), i to 10, and noise of covariance H, at a distance of 1 in each dimension, in
 * parts of 8 and batches of 32: |G|² = 1.54976773, tr Σ = 2.92896825, so B_simple = 1.88994015.
 */
function quadraticMoments(steps: number, seed: number, growth: (step: number) => number = () => 1): GradientMoments[] {
  const random = createRandom(seed, 0, 'gradients')
  return Array.from({ length: steps }, (_, step) => {
    const parts = Array.from({ length: 4 }, () =>
      Array.from({ length: 10 }, (_, i) => 1 / (i + 1) + random.normal() * Math.sqrt(growth(step) / (i + 1) / 8)),
    )
    const squared = (vector: readonly number[]) => vector.reduce((sum, value) => sum + value ** 2, 0)
    const whole = Array.from({ length: 10 }, (_, i) => parts.reduce((sum, part) => sum + (part[i] ?? 0) / 4, 0))
    const ofParts = parts.reduce((sum, part) => sum + squared(part) / 4, 0)
    return { step, ...noiseMoments({ ofParts, ofBatch: squared(whole), partRows: 8, batchRows: 32 }) }
  })
}

describe('moments between reports', () => {
  test.each([
    [0.99, 1],
    [0.9, 3],
    [1, 2],
  ])('are those of the steps since, where moving averages of decay %d were reported', (decay, every) => {
    const moments = quadraticMoments(200, 1)
    const reports = [7, 20, 60, 200].map((count) => {
      const { signal, noise } = estimateNoiseScale(moments.slice(0, count), decay)
      return { step: count * every, signal, noise }
    })
    const between = momentsBetween(
      [...reports.slice(0, 2), { step: 30 * every, signal: Number.NaN, noise: 1 }, ...reports.slice(2)],
      {
        decay,
        every,
      },
    )
    const expected = [moments.slice(0, 7), moments.slice(7, 20), moments.slice(20, 60), moments.slice(60)]
    expect(between).toHaveLength(4)
    for (const [i, { step, signal, noise }] of between.entries()) {
      const mean = estimateNoiseScale(expected[i] ?? [], decay)
      expect(step).toBe(reports[i]?.step)
      expect(signal).toBeCloseTo(mean.signal, 9)
      expect(noise).toBeCloseTo(mean.noise, 9)
    }
  })
})

describe('the noise scale over training', () => {
  test('is that of a quadratic, in intervals that cover', () => {
    let [held, all] = [0, 0]
    for (let seed = 0; seed < 30; seed++) {
      const { points, average } = foundIn(noiseScaleCurve(quadraticMoments(600, seed)))
      for (const { noiseScale } of points) if (noiseScale.low <= 1.88994015 && 1.88994015 <= noiseScale.high) held++
      all += points.length
      expect(average.value).toBeGreaterThan(1.6)
      expect(average.value).toBeLessThan(2.2)
    }
    expect(all).toBe(600)
    expect(held / all).toBeGreaterThan(0.93)
    expect(held / all).toBeLessThan(0.97)
  })

  test('follows what changes', () => {
    const { points, average } = foundIn(
      noiseScaleCurve(
        quadraticMoments(3000, 4, (step) => 1 + step / 1000),
        6,
      ),
    )
    expect(points.map(({ from, to }) => [from, to])).toEqual(
      [0, 1, 2, 3, 4, 5].map((part) => [500 * part, 500 * part + 499]),
    )
    for (const { step, noiseScale } of points)
      expect(noiseScale.value / (1.88994015 * (1 + step / 1000))).toBeCloseTo(1, 0)
    expect(average.value / (1.88994015 * 2.5)).toBeCloseTo(1, 1)
    expect(average.high / average.low).toBeLessThan(1.3)
  })

  test('has an average whose interval covers', () => {
    let held = 0
    for (let seed = 0; seed < 150; seed++) {
      const { average } = foundIn(noiseScaleCurve(quadraticMoments(200, seed, () => 3)))
      if (average.low <= 3 * 1.88994015 && 3 * 1.88994015 <= average.high) held++
    }
    expect(held / 150).toBeGreaterThan(0.91)
  })

  test('has no upper end where the signal is lost', () => {
    const random = createRandom(1, 0, 'lost')
    const lost = Array.from({ length: 60 }, (_, step) => ({
      step,
      signal: random.normal(),
      noise: 5 + random.normal(),
    }))
    const { points, average } = foundIn(noiseScaleCurve(lost, 3))
    expect(points).toHaveLength(3)
    for (const { noiseScale } of points) expect(noiseScale.high).toBe(INFINITE)
    expect(average.high).toBe(INFINITE)
    expect(average.low).toBeGreaterThan(1)
  })

  test('is unknown without measurements, and passes over what is not finite', () => {
    expect(noiseScaleCurve([]).known).toBe(false)
    const bad = Array.from({ length: 9 }, (_, step) => ({ step, signal: Number.NaN, noise: 1 }))
    expect(noiseScaleCurve(bad).known).toBe(false)
    const moments = quadraticMoments(40, 2)
    expect(noiseScaleCurve([...bad, ...moments])).toEqual(noiseScaleCurve(moments))
  })
})

test('the noise scale is compared with the critical batch size', () => {
  const comparison = compareNoiseScale(
    { value: 900, low: 700, high: 1200 },
    { value: 200, low: 150, high: INFINITE },
    { learningRate: 0.1, batchSize: 128 },
  )
  expect(comparison).toMatchObject({ learningRate: 0.1, batchSize: 128, temperature: 0.1 / 128 })
  expect(comparison.ratio).toMatchObject({ value: 4.5, low: 0 })
  expect(comparison.ratio.high).toBeCloseTo(4.5 * Math.exp(Math.hypot(Math.log(1200 / 900), Math.log(200 / 150))), 12)
})
