import { expect, test } from 'vitest'
import { choice, float, type SpaceSpec } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { DIVERGED, fakeArchive } from './fake-archive.ts'
import { parseCsv } from './parse-csv.ts'
import { chapter, written } from './written.ts'

const SPACE: SpaceSpec = {
  rate: float(1e-4, 1, { scale: 'log' }),
  kind: choice(['a', 'b', 'c']),
  width: float(0, 1),
}
const log = ({ rate }: Assignment) => Math.log10(Number(rate))

/** A study whose best rate depends on the kind. */
const crossed = (trials = 80) =>
  fakeArchive({
    trials,
    steps: 0,
    definition: { space: SPACE },
    outcome: (_, params) => ({
      value: (log(params) + (params.kind === 'a' ? 3 : 1)) ** 2 + 0.2 * Number(params.width),
    }),
  })

test('the chapter on importance says what to tune, by both methods, and ends with how', async () => {
  const { text, files } = await written(fakeArchive())
  const found = chapter(text, 'Importance')
  expect(found.trim()).toMatch(/^`learning_rate` matters most: by itself it explains \d\d % \(\d+ to \d+ %\)/)
  expect(found.trim()).toMatch(/<details>\n<summary>How importance is measured.*<\/details>$/s)
  expect(found).toContain('6 trials without a value are left out')
  expect(found).toContain('Among trials with `optimizer = sgd` nothing is known: there are 14 trials with a value')
  const [header, ...rows] = parseCsv(files.get('data/importance.csv') ?? '')
  expect(header).toEqual(['method', 'parameter', 'among', 'share', 'low', 'high'])
  const pedAnova = rows.filter(([method]) => method === 'PED-ANOVA')
  expect(pedAnova).toHaveLength(11)
  expect(pedAnova.reduce((sum, [, , , share]) => sum + Number(share), 0)).toBeCloseTo(1, 2)
  expect(
    rows
      .filter(([, , among]) => among === 'optimizer = adam')
      .map(([, name]) => name)
      .sort(),
  ).toEqual(['adam.beta1', 'adam.epsilon'])
})

test('two parameters that depend on each other are named, and mapped', async () => {
  const { text, files } = await written(crossed())
  expect(chapter(text, 'Importance')).toMatch(/\| `kind` and `rate` +\| all trials +\| +\d\d % \(/)
  expect(chapter(text, 'Interactions')).toMatch(/^\s*`kind` and `rate` depend on each other the most/)
  const [header, ...rows] = parseCsv(files.get('data/interaction.csv') ?? '')
  expect(header).toEqual(['kind', 'rate', 'predicted'])
  expect(rows).toHaveLength(3 * 24)
  const bestOf = (kind: string) =>
    rows.filter((row) => row[0] === kind).reduce((a, b) => (Number(b[2]) < Number(a[2]) ? b : a))[1]
  expect(Number(bestOf('a'))).toBeLessThan(0.01)
  expect(Number(bestOf('b'))).toBeGreaterThan(0.02)
})

test('parameters that do not depend on each other need no map, and too few trials give a reason', async () => {
  const additive = fakeArchive({
    trials: 120,
    steps: 0,
    definition: { space: SPACE },
    outcome: (_, params) => ({ value: 20 + log(params) + 0.3 * Number(params.width) }),
  })
  expect(chapter((await written(additive)).text, 'Interactions')).toContain('No two parameters are seen to depend')
  const { text } = await written(crossed(12))
  expect(chapter(text, 'Importance').trim()).toBe(
    'What the parameters matter is not known: there are 12 trials with a value, and importances need 20.',
  )
  expect(text).not.toContain('## Interactions')
})

test('values that are worse than chance explains are named, those that are not are left', async () => {
  const { text, files } = await written(
    fakeArchive({
      trials: 80,
      steps: 0,
      definition: { space: SPACE },
      outcome: (_, params) => ({ value: (params.kind === 'c' ? 5 : 0) + Number(params.width) }),
    }),
  )
  expect(chapter(text, 'Isolation')).toMatch(/Worse than chance explains, and to be left out: `kind` \(`c`\)(;|\.)/)
  const rows = parseCsv(files.get('data/isolation.csv') ?? '')
  expect(rows).toHaveLength(1 + 8 + 3 + 8)
  expect(chapter((await written(crossed(10))).text, 'Isolation')).toContain('No value is worse than chance explains')
})

test('half of the trials, a flat curve and one that moves', async () => {
  const found = chapter((await written(fakeArchive())).text, 'How lucky was the search')
  expect(found).toMatch(/Half of the 39 trials would have found a best `validationError` of 0\.0\d+ on average/)
  expect(found).toContain('The curve still moves')
  expect(found).toContain('5 infeasible trials count as tried')
  expect(found).toContain('1 failed trial does not count')
  expect(found).not.toContain('in another order:')
  const same = fakeArchive({
    trials: 60,
    steps: 0,
    definition: { sampler: 'tpe' },
    outcome: (n) => ({ value: n % 3 === 0 ? 1 : 2 }),
  })
  const { text, files } = await written(same)
  expect(chapter(text, 'How lucky was the search')).toContain('The curve is flat')
  expect(chapter(text, 'How lucky was the search')).toContain('`tpe` may learn')
  const [, first, ...rest] = parseCsv(files.get('data/best-of-k.csv') ?? '')
  expect(first?.slice(0, 2)).toEqual(['1', '1.66667'])
  expect(rest).toHaveLength(59)
})

test('repeats of the best say whether its gain is more than chance', async () => {
  const archive = fakeArchive({ trials: 30, steps: 0, definition: { space: SPACE } })
  const trials = archive
    .trials()
    .map((trial, index) =>
      index < 4
        ? { ...trial, params: { rate: 0.01, kind: 'a', width: 0.5 }, value: 1 + index / 1000 }
        : { ...trial, value: 5 + index },
    )
  const found = chapter((await written({ ...archive, trials: () => trials })).text, 'How lucky was the search')
  expect(found).toContain('standard deviation of 0.00129 (0.000731 to 0.00481, from 4 runs of the best)')
  expect(found).toMatch(/better than the next \(trial 4\) by 8 of `validationError`/)
})

test('the best at an edge, and training that diverges beyond a value', async () => {
  const archive = fakeArchive({
    trials: 80,
    steps: 0,
    definition: { space: SPACE },
    outcome: (_, params) =>
      log(params) > -1
        ? { state: 'infeasible', reason: DIVERGED }
        : { value: -log(params) - 30 * Number(params.width) },
  })
  const { text, files } = await written(archive)
  const found = chapter(text, 'Edges of the space')
  expect(found).toMatch(/gather at the edge of the space: widen `width` upward, and run again/)
  expect(found).toMatch(/\| `width` +\| high +\| +\d of \d \|/)
  expect(found).toMatch(
    /With `rate` above 0\.\d+, (\d+) of \1 were infeasible .* else 0 of \d+; by chance: below 0\.2 %/,
  )
  expect(parseCsv(files.get('data/edges.csv') ?? '')).toHaveLength(1 + 4)
  expect(chapter((await written(fakeArchive())).text, 'Edges of the space')).toContain('do not gather at the end')
})
