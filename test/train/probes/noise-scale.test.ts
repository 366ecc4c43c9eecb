import { describe, expect, test } from 'vitest'
import { createRandom, type Random } from '../../../src/numerics/random.ts'
import { estimateNoiseScale, type NoiseMoments, noiseMoments } from '../../../src/train/probes/noise-scale.ts'

/** H = diag(1/i), i = 1 … 10, at θ = 1, with gradient noise of covariance H: the handbook's closed form. */
const CURVATURES = Array.from({ length: 10 }, (_, i) => 1 / (i + 1))
const [SIGNAL, NOISE, NOISE_SCALE] = [1.54976773, 2.92896825, 1.88994015]

/** The squared norms that one step of `parts` parts shows; each part's gradient is normal, as the mean of its rows. */
function step(random: Random, partRows: number, parts: number) {
  let [ofParts, ofBatch] = [0, 0]
  for (const curvature of CURVATURES) {
    let sum = 0
    for (let part = 0; part < parts; part++) {
      const gradient = curvature + Math.sqrt(curvature / partRows) * random.normal()
      sum += gradient
      ofParts += gradient ** 2 / parts
    }
    ofBatch += (sum / parts) ** 2
  }
  return noiseMoments({ ofParts, ofBatch, partRows, batchRows: parts * partRows })
}

function steps(repeat: number, count: number, partRows: number, parts: number): NoiseMoments[] {
  const random = createRandom(0, repeat, `noise/${count}/${partRows}/${parts}`)
  return Array.from({ length: count }, () => step(random, partRows, parts))
}

test('the closed form is what the handbook says', () => {
  const signal = CURVATURES.reduce((sum, h) => sum + h * h, 0)
  const noise = CURVATURES.reduce((sum, h) => sum + h, 0)
  expect(signal).toBeCloseTo(SIGNAL, 8)
  expect(noise).toBeCloseTo(NOISE, 8)
  expect(noise / signal).toBeCloseTo(NOISE_SCALE, 8)
})

describe('the moments', () => {
  test('are unbiased: over many steps their mean is the closed form', () => {
    const all = steps(0, 40_000, 2, 2)
    for (const [of, expected] of [
      [(each: NoiseMoments) => each.signal, SIGNAL],
      [(each: NoiseMoments) => each.noise, NOISE],
    ] as const) {
      const mean = all.reduce((sum, each) => sum + of(each), 0) / all.length
      const variance = all.reduce((sum, each) => sum + (of(each) - mean) ** 2, 0) / (all.length - 1)
      expect(Math.abs(mean - expected)).toBeLessThan(3 * Math.sqrt(variance / all.length))
    }
  })

  test('without replacement are those of all examples: exactly, over every way to draw', () => {
    const gradients = [1, 4, -2, 0.5, 7, 3]
    const truth = gradients.reduce((sum, g) => sum + g, 0) / 6
    const variance = gradients.reduce((sum, g) => sum + (g - truth) ** 2, 0) / 5
    const indices = gradients.map((_, i) => i)
    const draw = (taken: readonly number[]): number[][] =>
      taken.length === 4 ? [[...taken]] : indices.filter((i) => !taken.includes(i)).flatMap((i) => draw([...taken, i]))
    // The first part has one row, the second three.
    const moments = draw([]).map((rows) => {
      const mean = (part: readonly number[]) => part.reduce((sum, i) => sum + (gradients[i] ?? 0), 0) / part.length
      const ofParts = (mean(rows.slice(0, 1)) ** 2 + mean(rows.slice(1)) ** 2) / 2
      return noiseMoments({ ofParts, ofBatch: mean(rows) ** 2, partRows: 2 / (1 + 1 / 3), batchRows: 4 }, 6)
    })
    expect(moments).toHaveLength(360)
    expect(moments.reduce((sum, { signal }) => sum + signal, 0) / 360).toBeCloseTo(truth ** 2, 10)
    expect(moments.reduce((sum, { noise }) => sum + noise, 0) / 360).toBeCloseTo(variance, 10)
  })
})

describe('the noise scale', () => {
  test('is the ratio of moving averages that are corrected for their beginning', () => {
    const all = steps(0, 30, 4, 2)
    let [noise, signal, correction] = [0, 0, 1]
    for (const each of all) {
      noise = 0.9 * noise + 0.1 * each.noise
      signal = 0.9 * signal + 0.1 * each.signal
      correction *= 0.9
    }
    const estimate = estimateNoiseScale(all, 0.9)
    expect(estimate.noise).toBeCloseTo(noise / (1 - correction), 10)
    expect(estimate.signal).toBeCloseTo(signal / (1 - correction), 10)
    expect(estimate.noiseScale).toBeCloseTo(noise / signal, 10)
  })

  test('of moments that are estimated below 0 is 0 or infinite, within its interval', () => {
    const of = (noise: number, signal: number) =>
      estimateNoiseScale([1, -1, 2, -2, 0, 3, -3].map((e, i) => ({ noise: noise + e, signal: signal - e * (i % 2) })))
    expect(of(-0.1, 5).noiseScale).toBe(0)
    expect(of(-0.1, 5).low).toBe(0)
    expect(of(5, -0.1)).toMatchObject({ noiseScale: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY })
    expect(of(-0.1, -0.1)).toMatchObject({ noiseScale: Number.NaN, low: 0, high: Number.POSITIVE_INFINITY })
  })

  test.each([0, 1, 2])('of %d steps has an interval that says nothing', (count) => {
    expect(estimateNoiseScale(steps(0, count, 2, 2))).toMatchObject({ low: 0, high: Number.POSITIVE_INFINITY })
  })
})

/*
 * Independent steps of normal gradients on the closed form; each setting is repeated a thousand times. The share of
 * intervals that hold the truth would be within 0.95 ± 0.0135 in 95% of such tests if it were exact.
 */
describe('the 95% interval holds the truth in 93 to 97 of 100 repeats', () => {
  test.each([
    { count: 20, partRows: 2, parts: 2, decay: 1 },
    { count: 50, partRows: 2, parts: 2, decay: 1 },
    { count: 50, partRows: 1, parts: 2, decay: 0.95 },
    { count: 200, partRows: 2, parts: 2, decay: 1 },
    { count: 200, partRows: 4, parts: 4, decay: 0.99 },
    { count: 400, partRows: 2, parts: 2, decay: 0.99 },
  ])('at $count steps of $parts parts of $partRows rows, decay $decay', ({ count, partRows, parts, decay }) => {
    const estimates = Array.from({ length: 1000 }, (_, i) =>
      estimateNoiseScale(steps(i, count, partRows, parts), decay),
    )
    const share = estimates.filter(({ low, high }) => low <= NOISE_SCALE && NOISE_SCALE <= high).length / 1000
    expect(share).toBeGreaterThanOrEqual(0.93)
    expect(share).toBeLessThanOrEqual(0.97)
    expect(estimates.every(({ noiseScale, low, high }) => !(noiseScale < low) && !(noiseScale > high))).toBe(true)
  })

  test('where the steps are correlated, too', () => {
    // Autocorrelation 0.5 at lag 1 makes the mean of 210 steps as uncertain as that of 70.
    const covered = Array.from({ length: 1000 }, (_, repeat) => {
      const fresh = steps(repeat, 210, 2, 2)
      let before = fresh[0] ?? { noise: NOISE, signal: SIGNAL }
      const correlated = fresh.map((each) => {
        const mix = (now: number, then: number, mean: number) =>
          mean + 0.5 * (then - mean) + Math.sqrt(0.75) * (now - mean)
        before = { noise: mix(each.noise, before.noise, NOISE), signal: mix(each.signal, before.signal, SIGNAL) }
        return before
      })
      const { low, high } = estimateNoiseScale(correlated, 1)
      return low <= NOISE_SCALE && NOISE_SCALE <= high
    })
    const share = covered.filter(Boolean).length / 1000
    expect(share).toBeGreaterThanOrEqual(0.93)
    expect(share).toBeLessThanOrEqual(0.97)
  })
})
