import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PAGE = readFileSync(join(ROOT, 'docs/training.md'), 'utf8')
const blocks = [...PAGE.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)
// What can run without data of one's own.
const studies = blocks.filter((code) => code.includes('loadDigits'))

test('every block of code has the right types', () => {
  expect(blocks.length).toBeGreaterThan(0)
  const folder = temporaryFolder()
  for (const [i, code] of blocks.entries()) writeFileSync(join(folder, `block${i}.mts`), code)
  const options = {
    paths: { dynotune: [`${ROOT}src/index.ts`], 'dynotune/train': [`${ROOT}src/train/index.ts`] },
    typeRoots: [`${ROOT}node_modules/@types`],
  }
  const config = { extends: `${ROOT}tsconfig.json`, compilerOptions: options, include: ['*.mts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { status, stdout } = spawnSync(process.execPath, [`${ROOT}node_modules/typescript/bin/tsc`, '-p', folder])
  expect(String(stdout)).toBe('')
  expect(status).toBe(0)
})

test.each(studies.map((code) => [/name: '(.*?)'/.exec(code)?.[1] ?? '', code]))(
  'the study "%s" runs as it is',
  async (name, code) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'study.ts'), code)
    const { code: exit, stdout, stderr } = await cli(['run', 'study.ts', '--trials', '2', '--engine', 'wasm'], folder)
    expect(stderr).toBe('')
    // A diverged trial of a wide space is infeasible.
    expect(stdout).toMatch(new RegExp(`${name}: .*[12] complete`))
    expect(exit).toBe(0)
  },
)

test('every file that the page names exists', () => {
  for (const [, path = ''] of PAGE.matchAll(/\]\((?!http|#)([^)]+)\)/g)) {
    expect(existsSync(join(ROOT, 'docs', path)), path).toBe(true)
  }
})
