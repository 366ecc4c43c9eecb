import { expect, test } from 'vitest'
import { fakeArchive } from './fake-archive.ts'
import { parseCsv } from './parse-csv.ts'
import { chapter, written } from './written.ts'

test('what the pruner ended and what that saved is shown, in the report and as data', async () => {
  const { text, files } = await written(
    fakeArchive({
      definition: { pruner: 'median' },
      outcome: (number) =>
        number % 4 === 1
          ? { state: 'stopped', reason: { code: 'trial.pruned', message: `0.${number} is worse | than most` } }
          : {},
    }),
  )
  const search = chapter(text, 'Search')
  // 10 of 40 trials ended after 1,000 of 3,000 steps: 20,000 of 120,000 saved.
  expect(search).toContain('The pruner `median` ended 10 trials of 40 early.')
  expect(search).toContain('took 3000 steps (the median), so that this saved about 20000 of 120000 steps: 17 %.')
  expect(search).toMatch(/\| +5 \| +1000 \| +67 % \| 0\.5 is worse \\\| than most +\|/)
  expect(parseCsv(files.get('data/pruned.csv') ?? '')[1]).toEqual(['1', '1000', '2000', '0.1 is worse | than most'])
  expect(text).toContain('--sampler halton --pruner median')
})

test('a pruner that ended nothing, or before any trial was whole, says so', async () => {
  const search = async (definition: object, outcome = () => ({})) =>
    chapter((await written(fakeArchive({ definition, outcome, trials: 3 }))).text, 'Search')
  expect(await search({ pruner: 'hyperband' })).toContain('`hyperband` ended no trial early')
  const reason = { code: 'trial.pruned', message: 'poor' } as const
  expect(await search({ pruner: 'mine' }, () => ({ state: 'stopped', reason }))).toContain(
    "The pruner `mine`, a pruner of the study's own, ended 3 trials of 3 early. No trial ran to its end",
  )
  expect(await search({ sampler: 'mine' })).toContain("`mine`, a sampler of the study's own")
})

test('the sampler says what it did', async () => {
  const { text } = await written(fakeArchive({ definition: { sampler: 'auto' } }))
  expect(chapter(text, 'Search')).toMatch(/chosen by `auto`\. .*[a-z].*\./)
})
