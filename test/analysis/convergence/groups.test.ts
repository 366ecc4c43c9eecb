import { expect, test } from 'vitest'
import { ADVICE, symptomsOf } from '../../../src/analysis/convergence/advice.ts'
import { convergenceOf } from '../../../src/analysis/convergence/convergence.ts'
import { compareGroups } from '../../../src/analysis/convergence/groups.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { curveOf, knownOf, share } from './courses.ts'

const MISSED = Number.POSITIVE_INFINITY

function normals(count: number, mean: number, seed: number): number[] {
  const random = createRandom(seed, 0, `group ${mean}`)
  return Array.from({ length: count }, () => mean + random.normal())
}

test('groups by their medians, with the probability to beat the first, of which the closed form is known', () => {
  const [first, second] = compareGroups([
    { name: 'late', values: normals(400, 1, 1) },
    { name: 'early', values: normals(400, 0, 1) },
  ])
  expect([first?.name, second?.name]).toEqual(['early', 'late'])
  expect(first?.ahead.known).toBe(false)
  // P(N(1, 1) < N(0, 1)) = Phi(-1 / sqrt 2).
  const ahead = second && knownOf(second.ahead)
  expect(ahead?.value).toBeCloseTo(0.2398, 1)
  expect(ahead?.low).toBeLessThan(0.2398)
  expect(ahead?.high).toBeGreaterThan(0.2398)
})

test('the interval of a median holds it', () => {
  const covered = share((seed) => {
    const [group] = compareGroups([{ name: 'a', values: normals(15, 0, seed) }], seed)
    const { low, high } = group ? knownOf(group.median) : { low: 1, high: 0 }
    return low <= 0 && 0 <= high
  }, 60)
  expect(covered).toBeGreaterThanOrEqual(0.88)
})

test('ties count half, misses are last, few trials have no interval, none no row', () => {
  const same = [1, 1, 1, 1, 1, MISSED]
  const [, second] = compareGroups([
    { name: 'a', values: same },
    { name: 'b', values: same },
  ])
  expect(second && knownOf(second.ahead).value).toBe(0.5)
  const missed = compareGroups([
    { name: 'never', values: same.map(() => MISSED) },
    { name: 'few', values: [3, 2] },
    { name: 'none', values: [] },
  ])
  expect(missed.map(({ name }) => name)).toEqual(['few', 'never'])
  expect(missed[0]?.median).toEqual({ known: false, why: '2 trials are too few for an interval; 6 are needed.' })
  expect(missed[1] && knownOf(missed[1].median)).toEqual({ value: MISSED, low: MISSED, high: MISSED })
})

test('what the playbook advises', () => {
  const symptoms = (course: (step: number) => number, training = (step: number) => Math.exp(-step / 300)) =>
    symptomsOf(convergenceOf({ validation: curveOf(course), goal: 'minimize', training: curveOf(training) }))
  expect(symptoms((step) => 2 - step / 1000)).toEqual(['improving'])
  expect(symptoms((step) => Math.abs(step - 80))).toEqual(['overfits', 'far too long'])
  expect(symptoms((step) => Math.exp(-step / 60))).toEqual(['level'])
  expect(
    symptoms(
      (step) => 2 - step / 1000,
      (step) => (step === 500 ? 20 : 1),
    ),
  ).toEqual(['unstable', 'improving'])
  expect(
    symptoms(
      (step) => Math.abs(step - 800),
      () => 1,
    ),
  ).toEqual(['worsens', 'best late'])
  for (const { todo } of Object.values(ADVICE)) expect(todo).toMatch(/^[A-Z].*[a-z]$/)
})
