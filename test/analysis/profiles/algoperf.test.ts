import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { benchmarkScore, publishedScore } from '../../../src/analysis/profiles/benchmark-score.ts'
import { performanceProfile } from '../../../src/analysis/profiles/performance-profile.ts'
import type { TargetTimes } from '../../../src/analysis/profiles/target-times.ts'
import { timeRatios } from '../../../src/analysis/profiles/time-ratios.ts'
import { withHeldOut } from '../../../src/analysis/profiles/with-held-out.ts'

interface Benchmark {
  readonly base: readonly string[]
  readonly heldOut: readonly string[]
  readonly times: Readonly<Record<string, Readonly<Record<string, number | null>>>>
  readonly score: Readonly<Record<string, number>>
  readonly exact: Readonly<Record<string, number>>
}

const FIXTURE = new URL('../../fixtures/analysis/algoperf-v0.5.json', import.meta.url)
const { base, heldOut, times, score, exact }: Benchmark = JSON.parse(readFileSync(FIXTURE, 'utf8'))

const all: TargetTimes = Object.fromEntries(
  Object.entries(times).map(([name, of]) => [
    name,
    Object.fromEntries([...base, ...heldOut].map((workload) => [workload, of[workload] ?? Number.POSITIVE_INFINITY])),
  ]),
)
const variants = Object.fromEntries(base.map((name) => [name, heldOut.filter((variant) => variant.startsWith(name))]))
const ratios = timeRatios(withHeldOut(all, variants), base)

test.each(Object.keys(score))('the score of %s in AlgoPerf v0.5, to all its digits', (name) => {
  const found = ratios[name]
  if (!found?.known) throw new Error('no ratios')
  const profile = performanceProfile(Object.values(found.value))
  expect(publishedScore(profile)).toBeCloseTo(score[name] ?? Number.NaN, 4)
  expect(benchmarkScore(profile)).toBeCloseTo(exact[name] ?? Number.NaN, 4)
})

test('all eleven submissions are there', () => {
  expect(Object.keys(score)).toHaveLength(11)
})
