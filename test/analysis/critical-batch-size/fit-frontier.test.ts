import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitFrontier } from '../../../src/analysis/critical-batch-size/fit-frontier.ts'
import type { FrontierPoint } from '../../../src/analysis/critical-batch-size/frontier-point.ts'
import type { Estimate } from '../../../src/analysis/finding.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { foundIn } from '../../helpers/findings.ts'

const INFINITE = Number.POSITIVE_INFINITY

const powers = (count: number, first = 3) => Array.from({ length: count }, (_, i) => 2 ** (first + i))

const whyNot = (points: readonly FrontierPoint[]) => {
  const finding = fitFrontier(points)
  return finding.known ? undefined : finding.why
}

const holds = ({ low, high }: Estimate, truth: number) => low <= truth && truth <= high

describe('the frontier', () => {
  test('is exact on a hyperbola, of which points are missing or not', () => {
    const amount = (from: number, to: number) => fc.double({ min: Math.log(from), max: Math.log(to), noNaN: true })
    fc.assert(
      fc.property(amount(10, 1e6), amount(20, 300), fc.boolean(), (logSteps, logCritical, isCut) => {
        const [fewest, critical] = [Math.exp(logSteps), Math.exp(logCritical)]
        const points = powers(8).map((batchSize, i) => {
          const steps = fewest * (1 + critical / batchSize)
          return isCut && i === 0 ? { batchSize, steps: INFINITE, budget: 0.9 * steps } : { batchSize, steps }
        })
        const { minSteps, minExamples, criticalBatch, noise, curve } = foundIn(fitFrontier(points))
        expect(minSteps.value / fewest).toBeCloseTo(1, 6)
        expect(criticalBatch.value / critical).toBeCloseTo(1, 6)
        expect(minExamples.value / (fewest * critical)).toBeCloseTo(1, 6)
        expect(criticalBatch.high / criticalBatch.low).toBeCloseTo(1, 6)
        expect(noise).toBeLessThan(1e-7)
        for (const { batchSize, steps, examples } of curve) {
          expect((steps.value / fewest - 1) * (examples.value / (fewest * critical) - 1)).toBeCloseTo(1, 5)
          expect(examples.value).toBe(batchSize * steps.value)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('moves with the units of steps and of batch sizes', () => {
    const random = createRandom(3, 0, 'noise')
    const points = powers(7).map((batchSize) => ({
      batchSize,
      steps: 50 * (1 + 90 / batchSize) * Math.exp(0.1 * random.normal()),
    }))
    const one = foundIn(fitFrontier(points))
    const scaled = points.map(({ batchSize, steps }) => ({ batchSize: 10 * batchSize, steps: 7 * steps }))
    const other = foundIn(fitFrontier(scaled))
    for (const end of ['low', 'value', 'high'] as const) {
      expect(other.minSteps[end] / one.minSteps[end] / 7).toBeCloseTo(1, 4)
      expect(other.criticalBatch[end] / one.criticalBatch[end] / 10).toBeCloseTo(1, 4)
      expect(other.minExamples[end] / one.minExamples[end] / 70).toBeCloseTo(1, 4)
    }
  })

  // Least squares in log S over what the noisy quadratic model needs (Zhang et al., arXiv 1907.04164), by another program.
  test.each([
    [[81_326, 21_059, 6455, 3704, 3015, 2839, 2798, 2785], 2719, 106.7, 0.053],
    [[1_515_845, 378_758, 95_989, 25_778, 10_371, 7870, 7214, 7038], 6568, 854.9, 0.078],
    [[347_979, 87_065, 21_855, 5501, 1371, 345, 107, 84], 70, 18_707, 0.147],
  ])('of the noisy quadratic model is known, and its knee is sharper: %o', (steps, fewest, critical, rms) => {
    const sizes = [4, 16, 64, 256, 1024, 4096, 16_384, 2 ** 21]
    const fit = foundIn(fitFrontier(sizes.map((batchSize, i) => ({ batchSize, steps: steps[i] ?? 0 }))))
    expect(Math.round(fit.minSteps.value)).toBe(fewest)
    expect(Number(fit.criticalBatch.value.toPrecision(critical > 1000 ? 5 : 4))).toBe(critical)
    expect(fit.noise * Math.sqrt(6 / 8)).toBeCloseTo(rms, 3)
    const knee = foundIn(fit.lackOfFit.knee)
    expect(knee.better).toBe('sharper')
    expect(knee.probability).toBeLessThan(0.01)
    expect(fit.lackOfFit.pureError.known).toBe(false)
  })
})

/** Shares of simulated sweeps whose intervals hold the truth: S_min = 1000, runs of at most `budget` steps. */
function coverage(setting: {
  readonly repeats: number
  readonly sizes: number
  readonly seeds: number
  readonly noise: number
  readonly critical: number
  readonly budget: number
}) {
  const { repeats, sizes, seeds, noise, critical, budget } = setting
  const random = createRandom(1, 0, JSON.stringify(setting))
  const counts = { minSteps: 0, minExamples: 0, criticalBatch: 0, open: 0, missed: 0, doubtful: 0 }
  for (let k = 0; k < repeats; k++) {
    const points = powers(sizes).flatMap((batchSize) =>
      Array.from({ length: seeds }, () => {
        const steps = 1000 * (1 + critical / batchSize) * Math.exp(noise * random.normal())
        return { batchSize, steps: steps > budget ? INFINITE : steps, budget }
      }),
    )
    const fit = foundIn(fitFrontier(points, []))
    if (holds(fit.minSteps, 1000)) counts.minSteps++
    if (holds(fit.minExamples, 1000 * critical)) counts.minExamples++
    if (holds(fit.criticalBatch, critical)) counts.criticalBatch++
    if (fit.criticalBatch.high === INFINITE) counts.open++
    if (fit.missed > 0) counts.missed++
    const { pureError, knee } = fit.lackOfFit
    const misfit = pureError.known ? pureError : knee
    if (misfit.known && misfit.value.probability < 0.05) counts.doubtful++
  }
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / repeats]))
}

describe('intervals of 95 %', () => {
  test.each([
    ['eight batch sizes', { sizes: 8, seeds: 1, noise: 0.1, critical: 90, budget: INFINITE }],
    ['five, with much noise', { sizes: 5, seeds: 1, noise: 0.3, critical: 32, budget: INFINITE }],
    ['runs that were cut short', { sizes: 7, seeds: 1, noise: 0.15, critical: 60, budget: 6000 }],
  ])('hold the truth in 93 to 97 of 100 sweeps: %s', (_, setting) => {
    const { minSteps, minExamples, criticalBatch, missed, doubtful } = coverage({ repeats: 1000, ...setting })
    for (const share of [minSteps, minExamples, criticalBatch]) {
      expect(share).toBeGreaterThanOrEqual(0.93)
      expect(share).toBeLessThanOrEqual(0.97)
    }
    expect(missed).toBeGreaterThanOrEqual(setting.budget < INFINITE ? 0.9 : 0)
    // Of one test at 5 %.
    expect(doubtful).toBeGreaterThan(0.03)
    expect(doubtful).toBeLessThan(0.08)
  })

  test('come with a test of lack of fit that is wrong once in 20 sweeps', () => {
    const setting = { repeats: 400, sizes: 6, seeds: 3, noise: 0.2, critical: 60, budget: INFINITE }
    const { doubtful } = coverage(setting)
    expect(doubtful).toBeGreaterThan(0.03)
    expect(doubtful).toBeLessThan(0.08)
  })

  test('have no upper end, and still hold the truth, where the sweep ends before the curve bends', () => {
    const setting = { repeats: 500, sizes: 8, seeds: 1, noise: 0.2, critical: 8192, budget: INFINITE }
    const { minSteps, minExamples, criticalBatch, open } = coverage(setting)
    expect(open).toBeGreaterThan(0.85)
    for (const share of [minSteps, minExamples, criticalBatch]) expect(share).toBeGreaterThan(0.93)
  })
})

describe('a sweep without a knee', () => {
  const wobble = (i: number) => 1 + 0.02 * (i % 2)

  test('of perfect scaling bounds the critical batch size from below', () => {
    const points = powers(6).map((batchSize, i) => ({ batchSize, steps: (1e6 / batchSize) * wobble(i) }))
    const { criticalBatch, minSteps, minExamples } = foundIn(fitFrontier(points))
    expect(criticalBatch.high).toBe(INFINITE)
    expect(criticalBatch.low).toBeGreaterThan(256)
    expect(minSteps.low).toBe(0)
    expect(minSteps.high).toBeLessThan(1e6 / 256)
    expect(holds(minExamples, 1.01e6)).toBe(true)
  })

  test('of equal steps bounds it from above', () => {
    const points = powers(6).map((batchSize, i) => ({ batchSize, steps: 1000 * wobble(i) }))
    const { criticalBatch, minSteps, minExamples } = foundIn(fitFrontier(points))
    expect(criticalBatch.low).toBe(0)
    expect(criticalBatch.high).toBeLessThan(8)
    expect(minExamples.low).toBe(0)
    expect(holds(minSteps, 1010)).toBe(true)
  })

  test('of two batch sizes has an interval if runs were repeated', () => {
    const points = [90, 110, 50, 52].map((steps, i) => ({ batchSize: i < 2 ? 8 : 32, steps }))
    const { criticalBatch, lackOfFit } = foundIn(fitFrontier(points))
    // Exact for the means: (1 + B / 8) / (1 + B / 32) is the ratio of them.
    const ratio = Math.sqrt((90 * 110) / (50 * 52))
    expect(criticalBatch.value).toBeCloseTo((ratio - 1) / (1 / 8 - ratio / 32), 4)
    expect(holds(criticalBatch, criticalBatch.value)).toBe(true)
    expect(lackOfFit.pureError.known).toBe(false)
  })
})

describe('what cannot be said', () => {
  const point = { batchSize: 8, steps: 100 }

  test.each<[string, FrontierPoint[]]>([
    ['no runs', []],
    ['No run reached', [{ batchSize: 8, steps: INFINITE, budget: 100 }]],
    ['batch size 8 only', [point, point, point, { batchSize: 4, steps: INFINITE, budget: 100 }]],
    ['whatever the noise', [point, { batchSize: 16, steps: 60 }]],
    ['batch size is NaN', [point, { batchSize: Number.NaN, steps: 60 }]],
    ['batch size is -2', [point, { batchSize: -2, steps: 60 }]],
    ['the steps are 0', [point, { batchSize: 16, steps: 0 }]],
    ['the steps are NaN', [point, { batchSize: 16, steps: Number.NaN }]],
    ['within unknown steps', [point, { batchSize: 16, steps: INFINITE }]],
    ['within Infinity steps', [point, { batchSize: 16, steps: INFINITE, budget: INFINITE }]],
  ])('has its reason: %s', (reason, points) => {
    expect(whyNot(points)).toMatch(new RegExp(`${reason}.*\\.$`))
  })
})

describe('lack of fit', () => {
  // numpy: F of means about the least squares curve against the scatter of the pairs, scipy.stats.f.sf.
  test('is that of an analysis of variance', () => {
    const points = powers(4).flatMap((batchSize, i) =>
      [1, 1.1].map((factor) => ({ batchSize, steps: ([700, 420, 200, 160][i] as number) * factor })),
    )
    const { pureError } = foundIn(fitFrontier(points, [])).lackOfFit
    const { ratio, degrees, probability } = foundIn(pureError)
    expect(degrees).toEqual([2, 4])
    expect(ratio).toBeCloseTo(6.424500675054562, 5)
    expect(probability).toBeCloseTo(0.05636008669409497, 7)
  })
})
