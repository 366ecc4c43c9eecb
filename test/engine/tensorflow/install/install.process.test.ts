import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findTarget } from '../../../../src/engine/tensorflow/install/target.ts'
import { findToolchain } from '../../../../src/engine/tensorflow/install/toolchain.ts'
import { cli, startCli } from '../../../helpers/cli.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'
import { isAlive, until } from '../../../helpers/processes.ts'
import { makeWheel } from './make-wheel.ts'

const WHERE = '.dynotune/engines/tensorflow'

/** A folder of programs that do nothing, but for npm, which takes its time and says who it is. */
function slowPrograms(folder: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const name of ['python3', 'make', 'g++', 'tar']) writeFileSync(join(bin, name), '#!/bin/sh\n')
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\necho $$ > ${folder}/npm.pid\nexec sleep 60\n`)
  for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755)
  return { PATH: `${bin}:/usr/bin:/bin` }
}

test('Ctrl-C ends what runs, leaves nothing and says so', async () => {
  const folder = temporaryFolder()
  const wheel = makeWheel(folder)
  const words = ['engine', 'install', 'tensorflow', '--wheel', wheel]
  const { pid, ended } = startCli(words, folder, slowPrograms(folder))
  const npm = join(folder, 'npm.pid')
  await until(() => existsSync(npm) && readFileSync(npm, 'utf8').endsWith('\n'), 'npm to start')
  process.kill(pid, 'SIGINT')
  const { code, stdout } = await ended
  expect(code).toBe(130)
  expect(stdout).toContain('what had been done is undone')
  expect(readdirSync(join(folder, '.dynotune/engines'))).toEqual([])
  expect(isAlive(Number(readFileSync(npm, 'utf8')))).toBe(false)
})

test('without a compiler nothing is begun, and the command that brings it is said', async () => {
  const folder = temporaryFolder()
  const environment = slowPrograms(folder)
  rmSync(join(folder, 'bin', 'g++'))
  const { code, stderr } = await cli(['engine', 'install', 'tensorflow'], folder, {
    ...environment,
    PATH: join(folder, 'bin'),
    CXX: undefined,
  })
  expect(code).toBe(1)
  expect(stderr).toMatch(/a C\+\+ compiler\. \[engine\.install\]/)
  expect(existsSync(join(folder, '.dynotune'))).toBe(false)
})

test('bad use is refused: an engine that is not installed this way, two flags at once, a file that is not there', async () => {
  const folder = temporaryFolder()
  const environment = slowPrograms(folder)
  const run = (...words: string[]) => cli(['engine', ...words], folder, environment)
  expect((await run('install', 'wasm')).code).toBe(2)
  expect((await run('install', 'tensorflow', '--cpu', '--gpu')).code).toBe(2)
  expect((await run()).code).toBe(2)
  const { code, stderr } = await run('install', 'tensorflow', '--wheel', 'nowhere.whl')
  expect([code, stderr]).toEqual([2, expect.stringContaining('nowhere.whl')])
  expect((await run('remove', 'tensorflow')).stderr).toContain('[engine.missing]')
})

/** A wheel of TensorFlow, and what it takes to install it: the one that the environment names, or what pip has at hand. */
function findWheel(folder: string): { readonly wheel?: string; readonly lacks?: string } {
  try {
    findTarget()
    findToolchain()
  } catch (error) {
    return { lacks: String(error) }
  }
  const own = process.env.DYNOTUNE_TENSORFLOW_WHEEL
  if (own) return { wheel: own }
  const quick = ['--no-deps', '--only-binary=:all:', '--retries=0', '--timeout=5', '--quiet']
  try {
    execFileSync('python3', ['-m', 'pip', 'download', ...quick, '--dest', folder, 'tensorflow-cpu==2.21.*'], {
      timeout: 60_000,
      stdio: 'ignore',
    })
    return { wheel: join(folder, readdirSync(folder)[0] ?? '') }
  } catch {
    return { lacks: 'no wheel of TensorFlow: DYNOTUNE_TENSORFLOW_WHEEL names none, and pip has none to download' }
  }
}

describe('with a wheel of TensorFlow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dynotune-test-'))
  let found: ReturnType<typeof findWheel> = {}
  beforeAll(() => {
    found = findWheel(folder)
  }, 90_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('it is installed, found by the engine and by a study, outlives a failed installation, and is removed', async ({
    skip,
  }) => {
    if (!found.wheel) return skip(found.lacks)
    const project = temporaryFolder()
    const installed = await cli(['engine', 'install', 'tensorflow', '--cpu', '--wheel', found.wheel, '--json'], project)
    expect(installed.stderr).toContain('trying it')
    expect(JSON.parse(installed.stdout)).toMatchObject({ tensorflow: expect.stringMatching(/^2\./), variant: 'cpu' })
    expect(readdirSync(join(project, WHERE)).sort()).toEqual([
      '.gitignore',
      'addon',
      'installed.json',
      'tensorflow',
      'tfjs-node',
    ])

    const study = new URL('../../../fixtures/studies/tiny.ts', import.meta.url).pathname
    const run = await cli(['run', study, '--engine', 'tensorflow', '--trials', '1', '--json'], project)
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('"complete":1')])

    const damaged = makeWheel(project, { files: { 'tensorflow/libtensorflow_cc.so.2': 'not a library' } })
    const failed = await cli(['engine', 'install', 'tensorflow', '--wheel', damaged], project)
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('compile')])
    expect(readdirSync(join(project, '.dynotune/engines'))).toEqual(['tensorflow'])
    expect(JSON.parse(readFileSync(join(project, WHERE, 'installed.json'), 'utf8'))).toMatchObject({ variant: 'cpu' })

    const removed = await cli(['engine', 'remove', 'tensorflow'], project)
    expect(removed.stdout).toMatch(/^removed TensorFlow 2\.\S+, \d+ MB, from /)
    expect(existsSync(join(project, WHERE))).toBe(false)
  }, 180_000)
})
