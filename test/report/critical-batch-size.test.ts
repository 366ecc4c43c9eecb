import { expect, test } from 'vitest'
import { choice, float } from '../../src/space/domain.ts'
import type { StudyArchive } from '../../src/study/record.ts'
import type { Measurement } from '../../src/study/trial.ts'
import { fakeArchive } from './fake-archive.ts'
import { parseCsv } from './parse-csv.ts'
import { chapter, written } from './written.ts'

const SIZES = [8, 32, 128, 512, 2048]
const targets = [
  { metric: 'loss', atMost: 0.1 },
  { metric: 'loss', atMost: 0.01 },
]
const space = { batchSize: choice(SIZES), learningRate: float(0.1, 1) }

/** Trial by trial: the batch size, and the steps to losses of .1 and .01. */
interface Run {
  readonly batchSize: number
  readonly steps: readonly [number, number]
}

/** The loss falls in proportion between the targets; a target that is not reached is as if training had ended before. */
function curveOf({ steps: [first, second] }: Run): Measurement[] {
  const at = (step: number, loss: number) => ({ step, time: step / 100, metrics: { loss } })
  const reached = Number.isFinite(first) ? [at(first, 0.1)] : [at(5000, 0.2)]
  return [at(1, 2), ...reached, ...(Number.isFinite(second) ? [at(second, 0.01)] : [])]
}

function archiveOf(runs: readonly Run[], definition: object = {}): StudyArchive {
  const archive = fakeArchive({
    definition: { space, metric: 'loss', criticalBatchSize: { targets }, ...definition },
    trials: runs.length,
    outcome: () => ({ value: 0.01 }),
  })
  const params = (number: number) => ({ batchSize: runs[number]?.batchSize ?? 0, learningRate: 0.2 + number / 100 })
  return {
    ...archive,
    trials: () => archive.trials().map((trial) => ({ ...trial, params: params(trial.number) })),
    measurements: (trial) => (runs[trial] ? curveOf(runs[trial]) : []),
  }
}

/** S = 1,000 (1 + 100 / B) and 2,000 (1 + 300 / B), and one trial in each batch size that is slower. */
const exact = SIZES.flatMap((batchSize): Run[] => {
  const [first, second] = [1000 * (1 + 100 / batchSize), 2000 * (1 + 300 / batchSize)]
  return [
    { batchSize, steps: [1.5 * first, 1.5 * second] },
    { batchSize, steps: [first, second] },
  ]
})

test('a study that asks for it learns its critical batch size, for each target, from the best trials alone', async () => {
  const { text, files } = await written(archiveOf(exact))
  const found = chapter(text, 'Critical batch size')
  expect(text).toContain('**The critical batch size to `loss ≤ 0.1` is 100** (95 %: 100 to 100)')
  expect(text.indexOf('The critical batch size to')).toBeLessThan(text.indexOf('is the best of'))
  const rows = found.split('\n').filter((line) => line.startsWith('| `loss'))
  expect(
    rows.map((row) =>
      row
        .split('|')
        .slice(2, 5)
        .map((cell) => cell.trim()),
    ),
  ).toEqual([
    ['100 (100–100)', '1000 (1000–1000)', '100,000 (100,000–100,000)'],
    ['300 (300–300)', '2000 (2000–2000)', '600,000 (600,000–600,000)'],
  ])
  expect(found).toContain('by batch size. With 2 trials for some of them these are hardly tuned.')
  // Rates of .21, .23 … were best.
  expect(found).toContain('The best learning rates, from 0.21 at batch size 8 to 0.29 at 2048')
  expect(files.get('data/learning-rates.csv')).toContain('8,0.21')
  // Of 20 % above proportion from batch size 8 on: 1.2 · 8 + .2 · 100.
  expect(found).toContain('from batch size 8 on, the critical batch size is 29.6')
  expect(found).toMatch(/\| +8 \| .*perfect scaling/)
  expect(found).toMatch(/\| +2048 \| .*maximal data parallelism/)
  const csv = parseCsv(files.get('data/batch-size-trials.csv') ?? '')
  expect(csv).toHaveLength(1 + 2 * exact.length)
  expect(files.get('figures/critical-batch-size.dark.svg')).toContain('batch size')
})

test('a batch size that never got there counts as more steps than were tried', async () => {
  const runs = exact.map(
    (run): Run => (run.batchSize === 8 ? { ...run, steps: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] } : run),
  )
  const { text } = await written(archiveOf(runs))
  const found = chapter(text, 'Critical batch size')
  expect(found).toMatch(/\| +8 \| more than 5000 \|/)
  expect(found).toContain('1 batch size never got there, which counts as more steps than were tried.')
  // 13,500 steps by the others' law: what was tried says nothing against it.
  expect(text).toContain('is 100** (95 %: 100 to 100)')
})

test.each<[string, readonly Run[], RegExp]>([
  ['nothing has run', [], /cannot be told\.\*\* No trial has run yet\./],
  ['one batch size only', exact.slice(0, 2), /cannot be told\.\*\* The goal was reached at batch size 8 only/],
  [
    'no target was reached',
    SIZES.map((batchSize) => ({ batchSize, steps: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] })),
    /cannot be told\.\*\* No run reached the goal\./,
  ],
  [
    'steps fall in proportion throughout',
    SIZES.map((batchSize) => ({ batchSize, steps: [1e6 / batchSize, 2e6 / batchSize] })),
    /is more than \d/,
  ],
  [
    'steps do not depend on the batch size',
    SIZES.map((batchSize, i) => ({ batchSize, steps: [1000 + i, 2000 + i] })),
    /is less than \d/,
  ],
])('where %s it says what cannot be said', async (_, runs, expected) => {
  const { text } = await written(archiveOf(runs))
  expect(text).toMatch(expected)
})

test('a noise scale that a probe measured stands beside the critical batch size', async () => {
  const archive = archiveOf(exact)
  // A noise scale of 50: signal 1, noise 50, as they wander.
  const measured = (trial: number): Measurement[] =>
    Array.from({ length: 60 }, (_, i) => {
      const wave = Math.sin(7 * i + trial) / 5
      return { step: 5 * (i + 1), time: i, metrics: { gradientSignal: 1 - wave / 9, gradientVariance: 50 + wave } }
    })
  const { text, files } = await written({
    ...archive,
    measurements: (trial) => [...archive.measurements(trial), ...measured(trial)].sort((a, b) => a.step - b.step),
  })
  const rows = [...chapter(text, 'Critical batch size').matchAll(/^\| +(\d+) \| +(\d+) \| +[\d.]+ \| .*$/gm)]
  expect(rows.map(([, size, trial]) => [size, trial])).toEqual([
    ['8', '1'],
    ['32', '3'],
    ['512', '7'],
    ['2048', '9'],
  ])
  for (const [row] of rows) expect(row).toMatch(/\| +(49\.\d|50|50\.\d) \(.* \| +0?\.?(49\d|5|50\d)/)
  expect(files.get('data/noise-scale.csv')?.split('\n')).toHaveLength(26)
})

test('a metric that no trial reported is named', async () => {
  const { text } = await written(
    archiveOf(exact, { criticalBatchSize: { targets: [{ metric: 'accuracy', atLeast: 0.9 }] } }),
  )
  expect(text).toContain('No trial reported accuracy while it trained.')
})

test('a study that does not ask has no such chapter', async () => {
  const { text } = await written(fakeArchive({ trials: 4 }))
  expect(text).not.toContain('Critical batch size')
})
