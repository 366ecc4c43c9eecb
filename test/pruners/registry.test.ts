import { expect, test } from 'vitest'
import { hyperband } from '../../src/pruners/hyperband.ts'
import { learningCurve } from '../../src/pruners/learning-curve.ts'
import { none } from '../../src/pruners/none.ts'
import { patience } from '../../src/pruners/patience.ts'
import { median, percentile } from '../../src/pruners/percentile.ts'
import { PRUNER_NAMES, prunerNamed } from '../../src/pruners/registry.ts'
import { successiveHalving } from '../../src/pruners/successive-halving.ts'
import { threshold } from '../../src/pruners/threshold.ts'
import { wilcoxon } from '../../src/pruners/wilcoxon.ts'
import { completed, decideLast, running, studyOf } from './studies.ts'

test('every pruner is found by its name', () => {
  for (const name of PRUNER_NAMES) expect(prunerNamed(name).name).toBe(name)
})

test('a pruner that there is not is an error that lists those there are', () => {
  expect(() => prunerNamed('medain')).toThrow(
    expect.objectContaining({
      code: 'pruner.unknown',
      path: 'pruner',
      value: 'medain',
      remedy: expect.stringMatching(/median/),
    }),
  )
})

test('the pruner none lets the worst of trials run', () => {
  expect(decideLast(none(), studyOf([completed([1]), running([Number.NaN, 9e9])]))).toEqual({ stop: false })
})

test.each([
  ['pruner.median.warmupSteps', () => median({ warmupSteps: -1 }), -1],
  ['pruner.median.percentile', () => median(JSON.parse('{"percentile":30}')), 30],
  ['pruner.percentile.percentile', () => percentile({ percentile: 101 }), 101],
  ['pruner.successiveHalving.reductionFactor', () => successiveHalving({ reductionFactor: 1 }), 1],
  ['pruner.successiveHalving.minSteps', () => successiveHalving({ minSteps: 0 }), 0],
  ['pruner.hyperband.maxSteps', () => hyperband({ maxSteps: Number.NaN }), Number.NaN],
  ['pruner.threshold.atLeast', () => threshold({ atLeast: 2, atMost: 1 }), 2],
  ['pruner.patience.reports', () => patience({ reports: 1.5 }), 1.5],
  ['pruner.wilcoxon.pValue', () => wilcoxon({ pValue: 2 }), 2],
  ['pruner.learningCurve.probability', () => learningCurve({ probability: -0.1 }), -0.1],
  ['pruner.learningCurve.warmupTrials', () => learningCurve({ warmupTrials: 0.5 }), 0.5],
])('an option that cannot be is an error at %s', (path, make, value) => {
  expect(make).toThrow(expect.objectContaining({ code: 'pruner.invalid', path, value, remedy: expect.any(String) }))
})
