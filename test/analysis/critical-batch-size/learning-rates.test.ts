import { describe, expect, test } from 'vitest'
import { fitLearningRates } from '../../../src/analysis/critical-batch-size/learning-rates.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { foundIn } from '../../helpers/findings.ts'

const SIZES = [4, 8, 16, 32, 64, 128, 256, 512, 1024]

function ratesOf(rule: (batchSize: number) => number, { noise = 0, sizes = SIZES, stream = 0 } = {}) {
  const random = createRandom(2, stream, 'rates')
  return sizes.map((batchSize) => ({ batchSize, rate: rule(batchSize) * Math.exp(noise * random.normal()) }))
}

const saturating = (batchSize: number) => 0.5 / (1 + 60 / batchSize)

describe('learning rates', () => {
  test('that saturate give their ceiling and noise scale', () => {
    const { maxRate, noiseBatch, noise, rules } = foundIn(fitLearningRates(ratesOf(saturating), [60]))
    expect(maxRate.value).toBeCloseTo(0.5, 7)
    expect(noiseBatch.value).toBeCloseTo(60, 4)
    expect(noise).toBeLessThan(1e-7)
    expect(rules.map(({ name }) => name)[0]).toBe('saturating')
    expect(rules[0]?.curve).toEqual([{ batchSize: 60, rate: expect.closeTo(0.25, 7) }])
  })

  test.each([
    ['linear', (batchSize: number) => 0.001 * batchSize],
    ['square root', (batchSize: number) => 0.001 * Math.sqrt(batchSize)],
    ['constant', () => 0.1],
    ['saturating', saturating],
  ] as const)('that are %s are told so', (name, rule) => {
    const { preferred, rules } = foundIn(fitLearningRates(ratesOf(rule, { noise: 0.1 })))
    expect(foundIn(preferred)).toBe(name)
    expect(rules[0]).toMatchObject({ name, aicc: 0 })
    expect(rules[0]?.error).toBeLessThan(0.2)
  })

  test('in proportion have a noise scale beyond the batch sizes', () => {
    const { maxRate, noiseBatch } = foundIn(fitLearningRates(ratesOf((batchSize) => batchSize, { noise: 0.1 })))
    expect(noiseBatch.high).toBe(Number.POSITIVE_INFINITY)
    expect(noiseBatch.low).toBeGreaterThan(500)
    expect(maxRate.high).toBe(Number.POSITIVE_INFINITY)
  })

  // n log(RSS / n) + 2 K + 2 K (K + 1) / (n - K - 1), K with the variance: numpy.
  test('are judged by the corrected criterion of Akaike', () => {
    const rates = [0.1, 0.22, 0.35, 0.9, 1.1, 2.9]
    const points = rates.map((rate, i) => ({ batchSize: SIZES[i] ?? 0, rate }))
    const { rules } = foundIn(fitLearningRates(points))
    const aiccOf = (wanted: string) => rules.find(({ name }) => name === wanted)?.aicc ?? Number.NaN
    expect(aiccOf('square root') - aiccOf('linear')).toBeCloseTo(13.974474336660101, 9)
  })

  test('that are few, or fit several rules, decide nothing', () => {
    const few = foundIn(fitLearningRates(ratesOf(saturating, { sizes: [4, 16, 64, 256] }))).preferred
    expect(few).toEqual({ known: false, why: 'It takes 5 learning rates to judge the rules.' })
    const three = foundIn(fitLearningRates(ratesOf(saturating, { noise: 0.1, sizes: [4, 64, 256] })))
    expect(three.rules.map(({ aicc }) => aicc)).toEqual(Array.from({ length: 4 }, () => Number.POSITIVE_INFINITY))
    const wild = foundIn(fitLearningRates(ratesOf(saturating, { noise: 0.2, sizes: SIZES.slice(2, 7) }))).preferred
    expect(wild).toMatchObject({
      known: false,
      why: expect.stringContaining('could follow several rules: square root, '),
    })
  })

  test('that saturate do not pass for a square root', () => {
    const verdicts = Array.from({ length: 200 }, (_, stream) => {
      const points = ratesOf(saturating, { noise: 0.3, sizes: SIZES.slice(1, 7), stream })
      return foundIn(fitLearningRates(points, [])).preferred
    })
    const wrong = verdicts.filter((verdict) => verdict.known && verdict.value !== 'saturating')
    expect(wrong.length / 200).toBeLessThan(0.06)
  })

  test('have an interval for the noise scale that covers', () => {
    let held = 0
    for (let stream = 0; stream < 300; stream++) {
      const { noiseBatch } = foundIn(fitLearningRates(ratesOf(saturating, { noise: 0.3, stream }), []))
      if (noiseBatch.low <= 60 && 60 <= noiseBatch.high) held++
    }
    expect(held / 300).toBeGreaterThan(0.92)
    expect(held / 300).toBeLessThan(0.98)
  })

  test.each([
    [[], 'It takes learning rates of two batch sizes.'],
    [ratesOf(saturating, { sizes: [8, 8, 8] }), 'It takes learning rates of two batch sizes.'],
    [ratesOf(saturating, { sizes: [8, 16] }), 'A curve goes through two learning rates whatever the noise.'],
    [[{ batchSize: 8, rate: -1 }], 'At batch size 8 the learning rate is -1.'],
  ])('of %o are unknown', (points, why) => {
    expect(fitLearningRates(points)).toEqual({ known: false, why })
  })
})
