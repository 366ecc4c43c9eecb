import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { orderedDensity, unorderedDensity } from '../../../src/analysis/importance/parzen.ts'
import { type PedAnovaOptions, pedAnova } from '../../../src/analysis/importance/ped-anova.ts'
import { float } from '../../../src/space/domain.ts'
import type { StudyView } from '../../../src/study/view.ts'
import { formulaStudy, RECORDED } from './studies.ts'

const recorded: {
  studies: Record<string, { pedAnova: Record<string, number>; pedAnovaWithin: Record<string, number> }>
} = JSON.parse(readFileSync(new URL('../../fixtures/analysis/optuna-importance.json', import.meta.url), 'utf8'))

function shares(view: StudyView, options: PedAnovaOptions = {}): Record<string, number> {
  const found = pedAnova(view, options)
  if (!found.known) throw new Error(found.why)
  return Object.fromEntries(found.value.main.map(({ of, share }) => [of, share.value]))
}

test.each(Object.entries(RECORDED))('shares are those of Optuna to nine digits: %s', (name, make) => {
  const theirs = recorded.studies[name]
  for (const [ours, optunas] of [
    [shares(make(), { target: 0.1 }), theirs?.pedAnova],
    [shares(make(), { target: 0.1, region: 0.5 }), theirs?.pedAnovaWithin],
  ] as const) {
    expect(Object.keys(ours).sort()).toEqual(Object.keys(optunas ?? {}))
    for (const [parameter, share] of Object.entries(ours)) expect(share).toBeCloseTo(optunas?.[parameter] ?? -1, 9)
  }
})

test('densities are those of all cells: they sum to 1, and without trials are even or wide', () => {
  for (const counts of [
    [0, 3, 0, 1, 9],
    [0, 0],
    [5, 0, 0, 0],
  ]) {
    for (const density of [orderedDensity, unorderedDensity]) {
      const found = density(Int32Array.from(counts))
      expect(found.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
    }
  }
  expect([...unorderedDensity(new Int32Array(4))]).toEqual([0.25, 0.25, 0.25, 0.25])
})

test('a maximised study is judged as its negative', () => {
  const view = RECORDED.mixed?.()
  if (!view) throw new Error()
  const turned: StudyView = {
    ...view,
    goal: 'maximize',
    trials: view.trials.map((trial) => ({ ...trial, value: -(trial.value ?? 0) })),
  }
  expect(shares(turned)).toEqual(shares(view))
})

test('the target is the best tenth, and five trials at least', () => {
  const target = (trials: number) => {
    const found = pedAnova(formulaStudy({ a: float(0, 1), b: float(0, 1) }, trials, (p) => Number(p.a)))
    return found.known && [found.value.target, found.value.region]
  }
  expect(target(30)).toEqual([5, 30])
  expect(target(80)).toEqual([8, 80])
})

test('intervals hold the share, and shrink with more trials', () => {
  const width = (trials: number) => {
    const found = pedAnova(
      formulaStudy({ a: float(0, 1), b: float(0, 1) }, trials, (p, noise) => Number(p.a) + 0.1 * noise),
    )
    if (!found.known) throw new Error(found.why)
    const [first] = found.value.main
    expect(first?.of).toBe('a')
    const { low = 0, value = 0, high = 0 } = first?.share ?? {}
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThanOrEqual(value)
    return high - low
  }
  expect(width(1000)).toBeLessThan(width(50) / 2)
})

test('what the data cannot say is unknown, with the reason', () => {
  const why = (view: StudyView) => {
    const found = pedAnova(view)
    return found.known ? 'known' : found.why
  }
  const two = { a: float(0, 1), b: float(0, 1) }
  expect(why(formulaStudy({ a: float(0, 1) }, 40, (p) => Number(p.a)))).toContain('one parameter')
  expect(why(formulaStudy(two, 10, (p) => Number(p.a)))).toContain('10 trials with a value')
  expect(why(formulaStudy(two, 40, () => 2))).toContain('same value')
  expect(why(formulaStudy(two, 40, () => Number.POSITIVE_INFINITY))).toContain('0 trials')
})
