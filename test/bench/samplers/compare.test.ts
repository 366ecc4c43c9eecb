import { expect, test } from 'vitest'
import { compare, meanRatio } from '../../../bench/samplers/compare.ts'
import { judge } from '../../../bench/samplers/goals.ts'
import { FAMILIES } from '../../../bench/samplers/problems/families.ts'
import type { Contest, Entry, Section } from '../../../bench/samplers/result.ts'

test('ours is held against the best of the peers, by medians at a trial', () => {
  const contests = [
    contest('a', 1, [ours('auto', 0.2, 0.01), theirs('gp', 0.3, 0.04), theirs('tpe', 0.1, 0.05)]),
    contest('b', 1, [ours('auto', 0.2, 0), theirs('gp', 0.3, 1e-9)]),
    contest('c', 1, [ours('tpe', 0.2, 0), theirs('gp', 0.3, 1e-9)]),
  ]
  expect(compare(contests, 'auto', 20, 1e-8)).toEqual([
    { subject: 'a', ours: 0.01, theirs: 0.04, peer: 'gp', ratio: 0.25, wins: true },
    { subject: 'b', ours: 0, theirs: 1e-9, peer: 'gp', ratio: 1, wins: true },
  ])
  // After 19 trials the last that is known is what was there after 10.
  expect(compare(contests, 'auto', 19, 0)[0]).toMatchObject({ ours: 0.2, theirs: 0.1, peer: 'tpe', wins: false })
  expect(compare(contests, 'auto', 20, 0, ['tpe'])).toHaveLength(1)
})

test('a sampler that has found nothing loses to any', () => {
  const [comparison] = compare([contest('a', 1, [ours('auto', null, null), theirs('gp', 1, 1)])], 'auto', 20, 1e-8)
  expect(comparison).toMatchObject({ ratio: Number.POSITIVE_INFINITY, wins: false })
})

test('ratios are averaged in logarithms, and may be held within limits', () => {
  const comparisons = [0.001, 4].map((ratio) => ({ ratio, subject: '', ours: 0, theirs: 0, peer: '', wins: true }))
  expect(meanRatio(comparisons)).toBeCloseTo(Math.sqrt(0.004), 12)
  expect(meanRatio(comparisons, 10)).toBeCloseTo(Math.sqrt(0.4), 12)
})

test('goals are judged by what was measured', () => {
  const contests = [1, 4].flatMap((pending) =>
    FAMILIES.public.map(({ name }, i) =>
      contest(name, pending, [ours('auto', 1, i === 0 ? 2 : pending / 10, 80), theirs('gp', 1, 1, 80)]),
    ),
  )
  const about: Section = { date: '', missing: {}, contests: [], speeds: [] }
  const speed = { sampler: 'tpe', peer: 'tpe', trials: 100, suggestions: 20, peerSeconds: 0.01 }
  const verdicts = judge({
    machine: { processor: '', cores: 2, memoryBytes: 0, gpus: [], system: '', node: '' },
    sections: {
      public: { ...about, contests },
      speed: { ...about, speeds: [{ ...speed, seconds: 0.0021, heapBytes: [100, 109] }] },
    },
  })
  expect(verdicts.map(({ measured, met }) => [measured, met])).toEqual([
    ['5 of 6', true],
    [`0.16 (0.16 with each held within 10 times)`, true],
    ['5 of 6', true],
    [`0.52 (0.52 with each held within 10 times)`, false],
    [(Math.log(2 * 0.4 ** 5) / Math.log(2 * 0.1 ** 5)).toFixed(2), false],
    ['0.21', false],
    ['1.09', true],
  ])
})

function contest(subject: string, pending: number, entries: Entry[]): Contest {
  return { subject, pending, entries, trials: 20, seeds: 1 }
}

function ours(sampler: string, early: number | null, late: number | null, trials = 20): Entry {
  return entry('dynotune', sampler, early, late, trials)
}

function theirs(sampler: string, early: number, late: number, trials = 20): Entry {
  return entry('Optuna', sampler, early, late, trials)
}

function entry(by: Entry['by'], sampler: string, early: number | null, late: number | null, trials: number): Entry {
  return { by, sampler, course: [standing(10, early), standing(trials, late)] }
}

function standing(trial: number, median: number | null): Entry['course'][number] {
  return [trial, null, median, null]
}
