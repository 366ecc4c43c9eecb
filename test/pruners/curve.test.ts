import { expect, test } from 'vitest'
import { bestLoss, lossAt } from '../../src/pruners/curve.ts'
import { curveOf } from './studies.ts'

const curve = curveOf([8, 4, Number.NaN, 2], [10, 20, 30, 50])

test('the loss between two reports is on the line between them', () => {
  expect(lossAt(curve, 10, 'minimize')).toBe(8)
  expect(lossAt(curve, 15, 'minimize')).toBe(6)
  expect(lossAt(curve, 17.5, 'maximize')).toBe(-5)
})

test('there is no loss before the first report, after the last, or beside one that is not finite', () => {
  for (const step of [9, 51, 25, 30, 40]) expect(lossAt(curve, step, 'minimize')).toBeNaN()
  expect(lossAt([], 1, 'minimize')).toBeNaN()
})

test('the best loss is that of the best finite report, whatever the goal', () => {
  expect(bestLoss(curve, 'minimize')).toBe(2)
  expect(bestLoss(curve, 'maximize')).toBe(-8)
  expect(bestLoss(curveOf([Number.NEGATIVE_INFINITY, Number.NaN]), 'minimize')).toBeNaN()
})
