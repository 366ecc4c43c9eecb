import { describe, expect, test } from 'vitest'
import { criticalBatchOverTraining } from '../../../src/analysis/critical-batch-size/critical-batch-over-training.ts'
import { type Branch, localCriticalBatch } from '../../../src/analysis/critical-batch-size/local-critical-batch.ts'
import { smoothedLoss } from '../../../src/analysis/critical-batch-size/smoothed-loss.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { foundIn } from '../../helpers/findings.ts'

const INFINITE = Number.POSITIVE_INFINITY
const FACTORS = [1, 2, 4, 8, 16]

/** Losses that fall from 2 to 1 in 6400 examples, and are `excess(factor)` higher; a measurement each 32 · factor examples. */
function branchesOf(
  excess: (factor: number) => number,
  { noise = 0, random = createRandom(1, 0, 'loss') } = {},
): Branch[] {
  return FACTORS.map((factor) => ({
    factor,
    curve: Array.from({ length: 200 / factor }, (_, i) => {
      const examples = 32 * factor * (i + 1)
      return { examples, loss: 2 - examples / 6400 + excess(factor) + noise * random.normal() }
    }),
  }))
}

const logExcess = (factor: number) => 0.006 * Math.log2(factor)

describe('a local critical batch size', () => {
  test('is the largest whose loss is within the tolerance', () => {
    const found = foundIn(localCriticalBatch(branchesOf(logExcess), { batchSize: 32 }))
    // 0.006 at 2, 0.012 at 4.
    expect(found.batchSize).toEqual({ value: 64, low: 64, high: 128 })
    expect(found.at).toBe(0.875 * 6144)
    expect(found.branches.map(({ factor }) => factor)).toEqual(FACTORS)
    for (const { factor, loss, excess } of found.branches) {
      expect(excess.value).toBeCloseTo(logExcess(factor), 12)
      expect(loss).toBeCloseTo(1.16 + logExcess(factor), 12)
    }
    const all = foundIn(localCriticalBatch(branchesOf(logExcess), { batchSize: 32, tolerance: 1 }))
    expect(all.batchSize).toEqual({ value: 512, low: 512, high: INFINITE })
  })

  test('is an interval that noise widens, and that holds the truth', () => {
    const random = createRandom(2, 0, 'noise')
    let [held, wide] = [0, 0]
    const repeats = 300
    for (let i = 0; i < repeats; i++) {
      const branches = branchesOf(logExcess, { noise: 0.02, random })
      const { batchSize } = foundIn(localCriticalBatch(branches, { batchSize: 32 }))
      expect(batchSize.low).toBeLessThanOrEqual(batchSize.value)
      expect(batchSize.value).toBeLessThan(batchSize.high)
      // 64 is within, 128 is not.
      if (batchSize.low <= 64 && batchSize.high >= 128) held++
      if (batchSize.low < 64 || batchSize.high > 128) wide++
    }
    expect(held / repeats).toBeGreaterThan(0.9)
    expect(wide / repeats).toBeGreaterThan(0.8)
  })

  test('has excesses whose intervals cover 95 %', () => {
    const random = createRandom(3, 0, 'noise')
    let held = 0
    for (let i = 0; i < 300; i++) {
      const { branches } = foundIn(
        localCriticalBatch(branchesOf(logExcess, { noise: 0.05, random }), { batchSize: 32 }),
      )
      for (const { factor, excess } of branches.slice(1))
        if (excess.low <= logExcess(factor) && logExcess(factor) <= excess.high) held++
    }
    expect(held / 1200).toBeGreaterThan(0.93)
    expect(held / 1200).toBeLessThan(0.98)
  })

  test('is below a branch that diverged', () => {
    const branches = branchesOf(() => 0).map((branch) =>
      branch.factor < 8 ? branch : { ...branch, curve: [{ examples: 256, loss: Number.NaN }] },
    )
    const found = foundIn(localCriticalBatch(branches, { batchSize: 32 }))
    expect(found.batchSize).toEqual({ value: 128, low: 128, high: 256 })
    expect(found.branches[3]).toMatchObject({ loss: Number.NaN, excess: { value: INFINITE } })
  })

  test.each<[string, Branch[], number]>([
    ['There is no branch with the batch size of the checkpoint.', branchesOf(() => 0).slice(1), 32],
    ['There is no branch with a larger batch.', branchesOf(() => 0).slice(0, 1), 32],
    ['The batch size of the checkpoint is 0.', branchesOf(() => 0), 0],
    ['A branch has -1 times the batch; it has to be 1 or more.', [{ factor: -1, curve: [] }], 32],
    ['Two branches have the same batch size.', [...branchesOf(() => 0), ...branchesOf(() => 0)], 32],
    [
      'The branch with 16 times the batch has fewer than three losses to smooth.',
      branchesOf(() => 0)
        .map((branch) => ({ ...branch, curve: branch.curve.slice(-13) }))
        .toSpliced(4, 1, {
          factor: 16,
          curve: [{ examples: 6400, loss: 1 }],
        }),
      32,
    ],
    [
      'The branch with the batch size of the checkpoint diverged.',
      branchesOf((factor) => (factor === 1 ? Number.NaN : 0)),
      32,
    ],
  ])('is unknown: %s', (why, branches, batchSize) => {
    expect(localCriticalBatch(branches, { batchSize })).toEqual({ known: false, why })
  })
})

test('checkpoints make a curve, in order', () => {
  const curve = criticalBatchOverTraining([
    { step: 200, batchSize: 32, branches: branchesOf((factor) => 0.003 * Math.log2(factor)) },
    { step: 100, batchSize: 32, branches: branchesOf(logExcess) },
    { step: 300, batchSize: 32, branches: [] },
  ])
  expect(curve.map(({ step, found }) => [step, found.known && found.value.batchSize.value])).toEqual([
    [100, 64],
    [200, 256],
    [300, false],
  ])
})

test('a smoothed loss is the line of least squares, with its error', () => {
  // numpy.polyfit([1, 2, 3, 4, 6], [3, 2.5, 2.7, 2, 1.2], 1) at 5, and its standard error there.
  const losses = [3, 2.5, 2.7, 2, 1.2].map((loss, i) => ({ examples: [1, 2, 3, 4, 6][i] ?? 0, loss }))
  const smoothed = smoothedLoss(losses, 5)
  expect(smoothed?.loss).toBeCloseTo(1.65, 12)
  expect(smoothed?.error).toBeCloseTo(0.15632318106070175, 12)
  expect(smoothed?.degrees).toBe(3)
  expect(smoothedLoss(losses.slice(0, 2), 5)).toBeUndefined()
})
