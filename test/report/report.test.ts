import { expect, test } from 'vitest'
import { createSpace } from '../../src/space/space.ts'
import { fakeArchive, RICH_SPACE } from './fake-archive.ts'
import { parseCsv } from './parse-csv.ts'
import { chapter, written } from './written.ts'

const archive = fakeArchive({ record: { test: { trial: 12, metrics: { testError: 0.0311 } } } })

test('the opening says what was asked, what came out, and what it took', async () => {
  const { text } = await written(archive)
  const [opening = ''] = text.split('\n## ')
  expect(opening).toMatch(/^# digits\n\n> How low does the validation error of a small network get\?\n/)
  expect(opening).toContain('**Trial 12** is the best of 34 trials with a value: `validationError` = **0.0283734**')
  expect(opening).toContain('lower is better')
  const [, , counts = ''] = opening.split('\n').filter((line) => line.startsWith('|'))
  expect(counts.split('|').map((cell) => cell.trim())).toEqual(['', '40', '28', '6', '5', '1', '16 min 36 s', ''])
  for (const [, anchor = ''] of opening.matchAll(/\]\(#([^)]+)\)/g)) {
    expect(text.toLowerCase()).toContain(`\n## ${anchor.replaceAll('-', ' ')}\n`)
  }
})

test('metrics of the test split are shown once, and said to be read once', async () => {
  const { text } = await written(archive)
  expect(text.split('0.0311')).toHaveLength(2)
  expect(text).toMatch(/test split, read only once, at the end, for trial 12 alone.*`testError` = \*\*0\.0311\*\*/)
  const overtaken = await written(fakeArchive({ record: { test: { trial: 3, metrics: { testError: 0.5 } } } }))
  expect(overtaken.text).toContain('Trial 12 became the best afterwards; it has not been tested.')
})

test('the best configuration is an object that can be pasted: the nested parameters with all digits', async () => {
  const { text } = await written(archive)
  const [, json = ''] = /```json\n(.*?)\n```/s.exec(chapter(text, 'Best configuration')) ?? []
  expect(JSON.parse(json)).toEqual(createSpace(RICH_SPACE).nest(archive.trials()[12]?.params ?? {}))
})

test('every parameter of the best is shown against its range, those at an edge with what to do', async () => {
  const rows = chapter((await written(archive)).text, 'Best configuration').split('\n')
  const rowOf = (name: string) => rows.find((row) => row.startsWith(`| \`${name}\``)) ?? ''
  expect(rowOf('learning_rate')).toMatch(/ 0\.0107177 +\| 0\.0001 to 1, log +\| +\|$/)
  expect(rowOf('adam.beta1')).toMatch(/ 0\.803877 +\| 0\.8 to 0\.99 +\| at the edge: widen the range downward/)
  expect(rowOf('activation')).toContain('`a\\|b *very* odd <name>`')
  expect(rowOf('epochs')).toMatch(/ 30 +\| fixed /)
  expect(rowOf('sgd.momentum')).toBe('')
})

test('infeasible and failed trials are counted and shown, with reason, message, parameters and stack', async () => {
  const text = chapter((await written(archive)).text, 'Trials without a value')
  expect(text).toContain('Of 40 trials that ended, 5 are infeasible')
  expect(text).toContain('1 failed')
  expect(text).toMatch(
    /\| +5 \| infeasible \| `trial\.diverged` \| The loss became NaN at step 3\. +\| `learning_rate=/,
  )
  expect(text).not.toContain('second line')
  expect(text).toMatch(/\| failed +\| `trial\.threw` +\| boom \\\| bang /)
  expect(text).toContain(
    '<summary>Stack or output of trial 18</summary>\n\n```text\nError: boom\n    at run\n```\n\n</details>',
  )
})

test('a failed trial without a stack shows the end of its output', async () => {
  const failed = fakeArchive({
    trials: 3,
    outcome: () => ({ state: 'failed', reason: { code: 'trial.crashed', message: 'killed by SIGSEGV' } }),
  })
  const { text } = await written(failed)
  expect(text).toContain('Stack or output of trials 0–2')
  expect(text).toContain('```text\nloading data\nsegmentation fault\n```')
})

test('the ten best are listed with parameters, other metrics and seconds, and all trials are there as data', async () => {
  const { text, files } = await written(archive)
  const rows = chapter(text, 'Top ten')
    .split('\n')
    .filter((line) => line.startsWith('|'))
  expect(rows).toHaveLength(12)
  expect(rows[0]).toMatch(
    /rank \| trial \| +`validationError` \| +`learning_rate` .*`adam\.epsilon` \| +`trainLoss` \| seconds \|$/,
  )
  expect(rows[2]).toMatch(/\| +1 \| +12 \| +0\.0283734 \|/)
  const [header = [], ...trials] = parseCsv(files.get('data/trials.csv') ?? '')
  expect(trials).toHaveLength(40)
  expect(trials[12]?.[header.indexOf('validationError')]).toBe(String(archive.trials()[12]?.value))
  expect(trials[5]?.[header.indexOf('message')]).toBe('The loss became NaN at step 3.\nsecond line')
  expect(trials[18]?.[header.indexOf('reason')]).toBe('trial.threw')
})

test('the command to reproduce leaves out a sampler that only the study file has', async () => {
  const text = chapter((await written(fakeArchive({ definition: { sampler: 'my own' } }))).text, 'How to reproduce')
  expect(text).toContain('```sh\nnpx dynotune run studies/digits.ts --fresh --trials 40 --seed 7\n```')
  expect(text).toMatch(/\| sampler +\| `my own`/)
})

test('what it takes to reproduce is all there: command, seed, sampler, digests, environments', async () => {
  const text = chapter((await written(archive)).text, 'How to reproduce')
  expect(text).toContain('```sh\nnpx dynotune run studies/digits.ts --fresh --trials 40 --seed 7 --sampler halton\n```')
  for (const part of ['d1'.repeat(32), '5e'.repeat(32), 'v24.21.0', '2 x Model \\| Name']) expect(text).toContain(part)
  const mixed = fakeArchive({ trials: 4, outcome: (n) => (n === 2 ? { environment: { node: 'v22.18.0' } } : {}) })
  const table = chapter((await written(mixed)).text, 'How to reproduce')
  expect(table).toMatch(/\| trials 0, 1, 3 +\| trials 2 +\|/)
  expect(table).toMatch(/\| node +\| v24\.21\.0 +\| v22\.18\.0 +\|/)
  const odd = fakeArchive({ trials: 1, record: { source: { path: "my studies/it's.ts", digest: 'x' } } })
  expect((await written(odd)).text).toContain(`npx dynotune run 'my studies/it'\\''s.ts' --fresh`)
})
