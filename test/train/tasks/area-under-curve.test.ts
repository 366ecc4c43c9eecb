import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { areaUnderCurve } from '../../../src/train/tasks/area-under-curve.ts'

const area = (scores: readonly number[], positive: readonly number[]) =>
  areaUnderCurve(Float32Array.from(scores), Uint8Array.from(positive))

describe('the area under the ROC curve', () => {
  test.each([
    // scikit-learn's own example.
    [[0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.75],
    [[1, 2, 3, 4], [0, 0, 1, 1], 1],
    [[1, 2, 3, 4], [1, 1, 0, 0], 0],
    [[5, 5, 5, 5], [0, 1, 0, 1], 0.5],
    // Of four pairs two are right, one is wrong, one is a tie.
    [[1, 2, 2, 3], [0, 1, 0, 1], 0.875],
    [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], [0, 1, 0], 0.75],
  ])('of scores %j with labels %j is %d', (scores, positive, expected) => {
    expect(area(scores, positive)).toBe(expected)
  })

  test('is how often a positive is above a negative, ties one half', () => {
    const examples = fc.array(
      fc.record({ score: fc.integer({ min: 0, max: 9 }), label: fc.integer({ min: 0, max: 1 }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(examples, (all) => {
        const pairs = all
          .filter(({ label }) => label === 1)
          .flatMap((p) => all.filter(({ label }) => label === 0).map((n) => Math.sign(p.score - n.score)))
        const expected = pairs.reduce((sum, sign) => sum + (sign + 1) / 2, 0) / pairs.length
        const actual = area(
          all.map(({ score }) => score),
          all.map(({ label }) => label),
        )
        if (pairs.length === 0) expect(actual).toBeNaN()
        else expect(actual).toBeCloseTo(expected, 12)
      }),
    )
  })

  test('of what is no number is no number', () => {
    expect(area([1, Number.NaN], [0, 1])).toBeNaN()
  })
})
