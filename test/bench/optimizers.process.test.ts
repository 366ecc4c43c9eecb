import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { SUBJECTS } from '../../bench/optimizers/subjects.ts'
import { temporaryFolder } from '../helpers/folder.ts'

const BENCH = resolve(import.meta.dirname, '../../bench/optimizers.ts')

test('a row is measured in a process of its own, and one that there cannot be says why', () => {
  const out = temporaryFolder()
  const words = ['--engines', 'wasm,torch', '--optimizers', 'sgd,lookahead', '--seconds', '0.1']
  const log = execFileSync(process.execPath, [BENCH, ...words, '--python', 'no-such-python', '--out', out], {
    encoding: 'utf8',
  })
  const [file = ''] = /\S*optimizers-[\w-]+(?=\.md)/.exec(log) ?? []
  const { rows, missing } = JSON.parse(readFileSync(`${file}.json`, 'utf8'))

  const parameters = 784 * 512 + 2 * 512 * 512 + 512 * 10 + 3 * 512 + 10
  expect(rows).toMatchObject([
    { engine: 'wasm', optimizer: 'sgd', parameters, stateNumbers: 0 },
    { engine: 'wasm', optimizer: 'lookahead', parameters, stateNumbers: 3 * parameters },
  ])
  expect(rows[1].steps % 5).toBe(0)
  for (const { stepMs, floorMs } of rows) {
    expect(stepMs).toBeGreaterThan(0)
    expect(floorMs).toBeGreaterThan(0)
  }
  expect(missing).toMatchObject([{ engine: 'torch', why: expect.stringContaining('no-such-python') }])
  expect(log).toMatch(/^lookahead\s+wasm/m)
  expect(readFileSync(`${file}.md`, 'utf8')).toMatch(/\| sgd\s+\| wasm/)
})

test('every optimizer is measured', async () => {
  const folder = resolve(import.meta.dirname, '../../src/train/optimizers')
  const files = globSync('*.ts', { cwd: folder })
  const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(resolve(folder, file))))
  const named = modules.flatMap((module, i) =>
    Object.keys(module).filter((name) => `${name.toLowerCase()}.ts` === files[i]?.replaceAll('-', '')),
  )
  expect(named).toContain('scheduleFreeAdamW')
  const others = ['applyGradients', 'chain', 'scheduleFree']
  expect(named.filter((name) => !(name in SUBJECTS) && !others.includes(name))).toEqual([])
})
