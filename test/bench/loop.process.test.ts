import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../helpers/folder.ts'

const BENCH = resolve(import.meta.dirname, '../../bench/loop.ts')

test('the loop is measured beside bare steps, and an engine that there is not says so', () => {
  const words = ['--engines', 'wasm,abacus', '--models', 'tiny', '--seconds', '0.5', '--rounds', '3']
  const log = execFileSync(process.execPath, [BENCH, ...words, '--out', temporaryFolder()], { encoding: 'utf8' })
  const [file = ''] = /\S*loop-[\w-]+(?=\.md)/.exec(log) ?? []
  const { rows, missing } = JSON.parse(readFileSync(`${file}.json`, 'utf8'))
  expect(rows).toMatchObject([{ engine: 'wasm', model: 'tiny', batch: 32 }])
  const [{ bareMs, minimizeMs, variants }] = rows
  expect(minimizeMs).toBeGreaterThan(0)
  expect(bareMs).toBeGreaterThan(0)
  expect(variants.map(({ variant }: { variant: string }) => variant)).toEqual([
    ...['loop', 'in 2 parts', 'gradientNorm', 'noiseScale'],
  ])
  for (const { stepMs, ratio } of variants) {
    expect(stepMs).toBeGreaterThan(0)
    expect(ratio).toBeGreaterThan(0)
  }
  expect(missing).toEqual([{ engine: 'abacus', model: 'tiny', why: expect.stringContaining('abacus') }])
  const page = readFileSync(`${file}.md`, 'utf8')
  expect(page).toMatch(/\| wasm +\| tiny +\| +32 \|/)
  expect(page).toContain('- abacus, tiny: ')
})
