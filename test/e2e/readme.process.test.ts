import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const [study = '', tuner = ''] = [...README.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)

test('the study in the README runs as it is', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'first.ts'), study)
  const { code, stdout, stderr } = await cli(['run', 'first.ts', '--trials', '4'], folder)
  expect(stderr).toBe('')
  expect(stdout).toMatch(/first: 4 complete/)
  expect(code).toBe(0)
})

test('the tuner in the README runs as it is', async () => {
  const folder = temporaryFolder()
  // As a study file, which is where `dynotune` can be imported without an installation; it fails only for not being one.
  writeFileSync(join(folder, 'tuner.ts'), tuner)
  const { stdout, stderr } = await cli(['run', 'tuner.ts'], folder)
  expect(stdout).toMatch(/state: 'complete'/)
  expect(stderr).toMatch(/study\.no_default/)
})

test('every command and file that the README names exists', async () => {
  const { stdout } = await cli(['--help'], temporaryFolder())
  const commands = [...README.matchAll(/^\| `dynotune (\w+)/gm)].map(([, command]) => command)
  expect(commands).toHaveLength(12)
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^ +dynotune ${command} ?`, 'm'))
  for (const [, path = ''] of README.matchAll(/\]\((?!http)([^)]+)\)/g)) {
    expect(() =>
      readFileSync(new URL(`../../${path.endsWith('/') ? `${path}README.md` : path}`, import.meta.url)),
    ).not.toThrow()
  }
})
