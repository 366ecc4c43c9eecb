import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { findToolchain } from '../../../../src/engine/tensorflow/install/toolchain.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'

/** A machine whose only programs are these. */
function machine(programs: readonly string[], release = 'ID=debian\n') {
  const root = temporaryFolder()
  const bin = join(root, 'bin')
  mkdirSync(bin)
  for (const name of programs) writeFileSync(join(bin, name), '', { mode: 0o755 })
  const surroundings = { env: { PATH: bin }, platform: 'linux' as const, node: process.execPath, release }
  return { root, bin, surroundings }
}

function write(path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '{}', { mode: 0o755 })
  return path
}

const EVERYTHING = ['python3', 'make', 'g++', 'tar', 'npm']

test('all programs are found, and npm is asked for node-gyp where it has none', () => {
  const { bin, surroundings } = machine(EVERYTHING)
  expect(findToolchain(surroundings)).toMatchObject({
    python: join(bin, 'python3'),
    npm: join(bin, 'npm'),
    tar: join(bin, 'tar'),
    nodeGyp: [join(bin, 'npm'), 'exec', '--yes', '--package=node-gyp', '--', 'node-gyp'],
  })
})

test("npm's own node-gyp is used, where the command npm is a link into its package", () => {
  const { root, bin, surroundings } = machine(['python3', 'make', 'g++', 'tar'])
  const home = join(root, 'lib/node_modules/npm')
  symlinkSync(write(join(home, 'bin/npm-cli.js')), join(bin, 'npm'))
  write(join(home, 'node_modules/node-gyp/package.json'))
  expect(findToolchain(surroundings).nodeGyp).toEqual([
    process.execPath,
    join(home, 'node_modules/node-gyp/bin/node-gyp.js'),
  ])
})

test('headers are those of any Node that has some, and those that the user names come first', () => {
  const { root, bin, surroundings } = machine([...EVERYTHING, 'node'])
  const node = write(join(root, 'elsewhere/bin/node'))
  expect(findToolchain({ ...surroundings, node })).not.toHaveProperty('headers')
  write(join(dirname(bin), 'include/node/common.gypi'))
  expect(findToolchain({ ...surroundings, node }).headers).toBe(dirname(bin))
  write(join(root, 'own/include/node/common.gypi'))
  const env = { ...surroundings.env, npm_config_nodedir: join(root, 'own') }
  expect(findToolchain({ ...surroundings, node, env }).headers).toBe(join(root, 'own'))
})

test('variables may name other programs', () => {
  const { bin, surroundings } = machine(['python3.14', 'make', 'clang-21', 'tar', 'npm'])
  const env = { ...surroundings.env, PYTHON: 'python3.14', CXX: 'clang-21 -stdlib=libc++' }
  expect(findToolchain({ ...surroundings, env }).python).toBe(join(bin, 'python3.14'))
})

test.each([
  ['ID=debian\n', '`sudo apt-get install python3 python3-pip g++`'],
  ['NAME=x\nID=linuxmint\nID_LIKE="ubuntu debian"\n', '`sudo apt-get install python3 python3-pip g++`'],
  ['ID=rocky\nID_LIKE="rhel centos fedora"\n', '`sudo dnf install python3 python3-pip gcc-c++`'],
  ['ID=opensuse-leap\nID_LIKE="suse opensuse"\n', '`sudo zypper install python3 python3-pip gcc-c++`'],
  ['ID=arch\n', '`sudo pacman -S python python-pip gcc`'],
  ['', "install Python 3, a C++ compiler with this system's package manager"],
])('what is missing is named, with what installs it where /etc/os-release is %j', (release, remedy) => {
  expect(thrownBy(() => findToolchain(machine(['make', 'tar', 'npm'], release).surroundings))).toMatchObject({
    code: 'engine.install',
    message: 'Building the addon needs what is not here: Python 3, a C++ compiler.',
    value: ['python', 'compiler'],
    remedy,
  })
})

test('on a Mac, one command brings the compiler', () => {
  const { surroundings } = machine([])
  const { remedy } = thrownBy(() => findToolchain({ ...surroundings, platform: 'darwin' }))
  expect(remedy).toBe('`xcode-select --install`')
})
