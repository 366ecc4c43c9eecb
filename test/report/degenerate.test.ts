import { expect, test } from 'vitest'
import { choice, float, type SpaceSpec } from '../../src/space/domain.ts'
import { xmlFault } from './check-xml.ts'
import { DIVERGED, type FakeOptions, fakeArchive } from './fake-archive.ts'
import { written } from './written.ts'

const one: SpaceSpec = { x: float(0.001, 1, { scale: 'log' }) }
const many: SpaceSpec = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`parameter_${i}`, i % 2 ? float(0, 1) : choice(['a', 'b'.repeat(80)])]),
)

test.each<[string, FakeOptions, string]>([
  ['no trial', { trials: 0 }, '**No trial has been run yet.**'],
  ['one trial', { trials: 1 }, '**Trial 0** is the only trial with a value'],
  [
    'all infeasible',
    { trials: 12, outcome: () => ({ state: 'infeasible', reason: DIVERGED }) },
    'no best configuration.** Reasons: `trial.diverged` (12 trials).',
  ],
  ['a reason not recorded', { trials: 2, outcome: () => ({ state: 'failed' }) }, '`not recorded` (2 trials)'],
  ['none ended', { trials: 3, outcome: () => ({ state: 'running' }) }, '3 trials still to end.'],
  [
    'some still running',
    { trials: 5, outcome: (n) => (n > 2 ? { state: 'waiting' } : {}) },
    'the best so far of 3 trials with a value',
  ],
  ['all feasible', { trials: 3, outcome: () => ({}) }, 'Every trial that ended has a value.'],
  ['one parameter', { definition: { space: one } }, 'is the best of 34'],
  ['thirty parameters', { trials: 8, definition: { space: many } }, 'Parallel coordinates'],
  ['negative values', { outcome: (n) => ({ value: -1e5 - n }) }, '**-100039**'],
  ['huge values', { outcome: (n) => ({ value: n % 3 ? 1e300 * n : -1.7e308 }) }, '**-1.7e308**'],
  ['equal values', { outcome: () => ({ value: 0.5 }) }, 'The first trial with a value, trial 0, stayed the best.'],
  ['zeros', { outcome: () => ({ value: 0 }) }, '**Trial 0**'],
  ['tiny values', { outcome: (n) => ({ value: 1e-9 * (n + 1) }) }, '**1e-9**'],
  [
    'to be maximized',
    {
      definition: { goal: 'maximize', metric: 'accuracy' },
      outcome: (n) => ({ value: n === 3 ? -50 : 0.9 - n / 100 }),
    },
    '`accuracy` = **0.9** (higher is better)',
  ],
  ['no measurements', { steps: 0 }, 'No trial reported `validationError` while it ran: there are no curves.'],
  ['one measurement', { steps: 1, trials: 3, outcome: () => ({}) }, 'Training curves'],
  ['no source', { trials: 2, record: { name: 'digits', number: 3 } }, '# digits#3'],
])('a sensible report of: %s', async (_, options, expected) => {
  const { text, files } = await written(fakeArchive(options))
  expect(text).toContain(expected)
  expect(text).not.toMatch(/undefined|\[object|NaN(?! at step)/)
  for (const [name, content] of files) {
    if (!name.endsWith('.svg')) continue
    expect(xmlFault(content)).toBeUndefined()
    expect(content).not.toMatch(/NaN|undefined|Infinity/)
    const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(content) ?? []
    expect(Number(width)).toBeLessThan(900)
    expect(Number(height)).toBeLessThan(5000)
  }
})

test('a metric that only the result has leaves the curves out, and names what was reported', async () => {
  const archive = fakeArchive({ trials: 3 })
  const { text } = await written({
    ...archive,
    measurements: () => [{ step: 1, time: 0, metrics: { loss: 1 } }],
  })
  expect(text).toContain('there are no curves. Reported were: `loss`.')
})

test('ten thousand trials: files stay small, nothing is left out in silence', { timeout: 60_000 }, async () => {
  const { text, files } = await written(fakeArchive({ trials: 10_000, steps: 5 }))
  expect(text).toMatch(/Drawn: 1,500 of 10,000 trials: every improvement/)
  expect(text).toMatch(/Drawn: 60 of 10,000 trials: the best 20/)
  expect(text).toMatch(/Drawn: 150 of [\d,]+ trials with a value: the best 30/)
  expect(text).toMatch(/The first 50 of 1,25\d; the others are in \[data\/trials\.csv\]/)
  expect(text.length).toBeLessThan(60_000)
  for (const [name, content] of files) if (name.endsWith('.svg')) expect(content.length).toBeLessThan(1_200_000)
})

test('a study that did not come from a file has no command', async () => {
  const archive = fakeArchive({ trials: 2 })
  const { source: _, ...study } = archive.study
  const { text } = await written({ ...archive, study })
  expect(text).toContain('was not run from a file')
  expect(text).not.toContain('npx dynotune run')
})
