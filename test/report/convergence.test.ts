import { expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { convergenceChapter } from '../../src/report/chapters/convergence.ts'
import { type Table, toCsv } from '../../src/report/csv.ts'
import { readInput } from '../../src/report/input.ts'
import { render } from '../../src/report/render.ts'
import { float } from '../../src/space/domain.ts'
import type { StudyArchive } from '../../src/study/record.ts'
import type { Measurement } from '../../src/study/trial.ts'
import { type FakeOptions, fakeArchive } from './fake-archive.ts'
import { parseCsv } from './parse-csv.ts'

const ALL_COMPLETE: FakeOptions = { outcome: () => ({}) }

/** The chapter of a study whose trials have such curves, 60 points up to step 3000. */
function chapterOf(metrics: (step: number, noise: number) => Measurement['metrics'], options = ALL_COMPLETE) {
  return read({
    ...fakeArchive(options),
    measurements: (number) =>
      Array.from({ length: 60 }, (_, i) => {
        const step = 50 * (i + 1)
        return { step, time: i, metrics: metrics(step, createRandom(3, number, `${i}`).normal()) }
      }),
  })
}

function read(archive: StudyArchive) {
  const chapter = convergenceChapter(readInput(archive))
  const csvOf = (table: Table | undefined) => (table ? toCsv(table) : '')
  return {
    text: chapter?.blocks.join('\n\n') ?? '',
    trials: parseCsv(csvOf(chapter?.data?.[0]?.table)),
    drawn: csvOf(chapter?.figures[0]?.data),
    figure: chapter?.figures[0],
  }
}

test('begins with what to do: more steps for trials that still improved', () => {
  const { text } = chapterOf((step, noise) => ({ validationError: 1 - step / 4000 + 1e-3 * noise }))
  expect(text.trim()).toMatch(
    /^\*\*Give the best trials more steps:\*\* 5 of the 5 best trials \([\d\u2013, ]+\) still improved at the end\./,
  )
})

test('regularization for trials that overfit, with the step, and no law for them', () => {
  const { text, trials, drawn } = chapterOf((step, noise) => ({
    validationError: 0.1 + Math.exp(-step / 300) + Math.max(0, step - 1200) / 8000 + 3e-3 * noise,
    trainLoss: Math.exp(-step / 1000),
  }))
  expect(text).toContain(
    '**Add regularization and run the trials again before comparing them:** 5 of the 5 best trials',
  )
  const [header = [], ...rows] = trials
  expect(rows).toHaveLength(5)
  for (const row of rows) {
    const of = (name: string) => row[header.indexOf(name)] ?? ''
    expect(of('verdict')).toBe('overfits')
    expect(Number(of('turn_low'))).toBeLessThanOrEqual(1250)
    expect(Number(of('turn_high'))).toBeGreaterThanOrEqual(1150)
    expect(of('law')).toBe('')
  }
  expect(drawn).toMatch(/,turn,1[12]\d0,/)
})

test('spikes are shown with step, height and recovery; laws with their truth inside the interval', () => {
  const { text, trials } = chapterOf((step, noise) => ({
    validationError: 0.1 + (step / 50) ** -0.6 + 3e-3 * noise,
    trainLoss: step === 1500 ? 6 : 1,
    gradientNorm: 2,
  }))
  expect(text).toContain('5 of the 5 best trials')
  expect(text).toMatch(/had spikes of the training loss/)
  expect(text).toContain('1 of the loss, up to 6× at step 1500 (over after 50); none of the gradient')
  const [header = [], row = []] = trials
  const of = (name: string) => row[header.indexOf(name)] ?? ''
  expect(of('law')).toBe('power')
  expect(Number(of('rate_low'))).toBeLessThan(0.6)
  expect(Number(of('rate_high'))).toBeGreaterThan(0.6)
})

test('a trial that was ended early is not told to go on', () => {
  const { text } = chapterOf((step) => ({ validationError: 1 - step / 4000 }), {
    trials: 4,
    outcome: () => ({ state: 'stopped' }),
  })
  expect(text).toMatch(/\| +\d, ended early \|/)
  expect(text).not.toContain('more steps')
})

test('options of the optimizer are compared by values and steps', () => {
  const { text } = chapterOf((step) => ({ validationError: Math.exp(-step / 1000) }))
  expect(text).toMatch(/By `optimizer`, `(adam|sgd)` (has the best median|ends best)/)
  expect(text).toMatch(/\| `sgd` +\| +\d+ \| +0\.\d+ \[0\.\d+, 0\.\d+\] \|/)
})

test('groups are left out without a choice at the top, all of it without curves', () => {
  const { text } = chapterOf((step) => ({ validationError: 1 / step }), {
    ...ALL_COMPLETE,
    definition: { space: { x: float(0.001, 1, { scale: 'log' }) } },
  })
  expect(text).not.toContain('| option')
  expect(chapterOf(() => ({ other: 1 })).text).toBe('')
})

test('curves that are too short, not finite or huge say so, in plain words', async () => {
  const { text: short } = read(fakeArchive({ steps: 2, trials: 3 }))
  expect(short).toContain('too short, or end too badly')
  const { text: broken } = chapterOf((step) => ({ validationError: step > 2000 ? Number.NaN : 1 }))
  expect(broken).toContain('too short, or end too badly')
  const { text: huge, figure } = chapterOf((step) => ({ validationError: 1e300 * step }))
  expect(huge).toContain('The curve diverges')
  if (!figure) throw new Error('no figure')
  const { light } = await render(figure)
  expect(light).not.toMatch(/NaN|Infinity|undefined/)
})
