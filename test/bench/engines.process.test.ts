import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../helpers/folder.ts'

const BENCH = resolve(import.meta.dirname, '../../bench/engines.ts')

test('a row is measured in a process of its own, and one that there cannot be says why', () => {
  const out = temporaryFolder()
  const words = ['--engines', 'wasm,torch', '--models', 'dcn', '--batches', '32', '--seconds', '0.2', '--profile']
  const log = execFileSync(process.execPath, [BENCH, ...words, '--python', 'no-such-python', '--out', out], {
    encoding: 'utf8',
  })
  const [file = ''] = /\S*engines-[\w-]+(?=\.md)/.exec(log) ?? []
  const { rows, missing, machine } = JSON.parse(readFileSync(`${file}.json`, 'utf8'))

  expect(rows).toMatchObject([{ engine: 'wasm', model: 'dcn', batch: 32, parameters: 460_545 }])
  const [row] = rows
  expect(row.steps).toBeGreaterThan(1)
  expect(row.gradientsMs + row.optimizerMs).toBeCloseTo(row.stepMs, 6)
  expect(row.hostMs).toBeGreaterThan(0)
  expect(row.gflops).toBeCloseTo((3 * 2 * (3 * 256 * 256 + 256 * 512 + 512 * 256 + 256) * 32) / row.stepMs / 1e6, 6)
  expect(row.residentBytes).toBeGreaterThan(row.deviceBytes)
  expect(row.profile.kernels.map(({ name }: { name: string }) => name)).toContain('BatchMatMul')
  expect(missing).toMatchObject([{ engine: 'torch', why: expect.stringContaining('no-such-python') }])
  expect(machine.cores).toBeGreaterThan(0)

  const page = readFileSync(join(`${file}.md`), 'utf8')
  expect(page).toContain('- torch: ')
  expect(page).toMatch(/\|\s+32 \| wasm/)
})
