import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../helpers/folder.ts'

const BENCH = resolve(import.meta.dirname, '../../bench/samplers.ts')

test('sections are run one by one into one page, and say so where Optuna is not', () => {
  const out = temporaryFolder()
  const words = ['--samplers', 'random,halton', '--seeds', '3', '--python', 'no-python-of-this-name', '--out', out]
  function run(section: string) {
    const log = execFileSync(process.execPath, [BENCH, '--only', section, ...words], { encoding: 'utf8' })
    const [file = ''] = /\S*samplers-[\w-]+(?=\.md)/.exec(log) ?? []
    return { log, file }
  }
  run('public')
  const { log, file } = run('hold-out')
  expect(log).toMatch(/^sparse12 {2}dynotune {2}halton {2}[\d.]+ {2}[\d.]+ to [\d.]+ {2}[\d.]+ ms$/m)
  const { sections } = JSON.parse(readFileSync(`${file}.json`, 'utf8'))
  expect(Object.keys(sections)).toEqual(['public', 'hold-out'])
  expect(sections.public.missing).toEqual({ Optuna: expect.stringContaining('no-python-of-this-name') })
  const [first] = sections.public.contests
  expect(first).toMatchObject({ subject: 'branin2', trials: 80, pending: 1, seeds: 3 })
  const [, low, median, high] = first.entries[0].course.at(-1)
  expect(low).toBeLessThanOrEqual(median)
  expect(median).toBeLessThanOrEqual(high)
  const page = readFileSync(`${file}.md`, 'utf8')
  expect(page).toMatch(/\| sampler +\| +branin2 \|/)
  expect(page).toContain('Without Optuna: ')
  expect(existsSync(file)).toBe(true)
})
