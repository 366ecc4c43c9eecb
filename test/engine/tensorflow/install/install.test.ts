import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type InstallOptions,
  installTensorflow,
  type Steps,
} from '../../../../src/engine/tensorflow/install/install.ts'
import { obtainWheels } from '../../../../src/engine/tensorflow/install/obtain-wheels.ts'
import { removeTensorflow } from '../../../../src/engine/tensorflow/install/remove.ts'
import { findTarget } from '../../../../src/engine/tensorflow/install/target.ts'
import { DynotuneError } from '../../../../src/errors.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'
import { makeWheel, type WheelParts } from './make-wheel.ts'

const LIBRARY = 'tensorflow/libtensorflow_cc.so.2'

const PROGRAMS = 'addon/dynotune_programs.node'

const FILES = {
  [LIBRARY]: 'the library',
  'tensorflow/libtensorflow_framework.so.2': 'its framework',
  'tensorflow/include/tensorflow/c/c_api.h': '#pragma once',
  'tensorflow/include/Eigen/Core': 'needed',
  'tensorflow/include/external/other.h': 'not needed',
  'tensorflow/python/__init__.py': 'not needed',
}

/** A project and an installation of it whose programs are stand-ins; the wheel, the files and the swap are real. */
function setting(changes: Partial<Steps> = {}, parts: WheelParts = {}) {
  const directory = temporaryFolder()
  const lines: string[] = []
  const seen: string[] = []
  const steps: Steps = {
    findTarget: () => findTarget('linux-x64'),
    findToolchain: () => ({ python: 'python3', npm: 'npm', tar: 'tar', nodeGyp: ['node-gyp'] }),
    gpuSigns: () => 'none',
    requirePip: () => Promise.reject(new Error('a wheel is given')),
    obtainWheels,
    async obtainScripts(stage) {
      mkdirSync(join(stage, 'tfjs-node/dist'), { recursive: true })
    },
    async buildAddon(stage) {
      seen.push(...readdirSync(stage, { recursive: true }).map(String))
      mkdirSync(join(stage, 'addon'))
      writeFileSync(join(stage, 'addon/tfjs_binding.node'), 'the addon')
    },
    async buildPrograms(stage) {
      writeFileSync(join(stage, PROGRAMS), 'the operation')
    },
    tryInstallation: async () => ({ version: '2.21.0', device: 'a processor', gpu: false }),
    ...changes,
  }
  const wheel = makeWheel(directory, { files: FILES, ...parts })
  const folder = join(directory, '.dynotune/engines/tensorflow')
  const options: InstallOptions = { directory, wheels: [wheel], say: (line) => lines.push(line) }
  const install = (more: Partial<InstallOptions> = {}) => installTensorflow({ ...options, ...more }, steps)
  return { directory, folder, lines, seen, install, steps }
}

const broken = async () => {
  throw new DynotuneError('engine.install', 'It does not work.')
}

test('the libraries, the addon and the scripts are installed, with a record of what they were made of', async () => {
  const { folder, lines, seen, install } = setting()
  const installed = await install()
  expect(installed).toMatchObject({
    folder,
    tensorflow: '2.21.0',
    variant: 'cpu',
    device: 'a processor',
    wheels: [{ file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl' }],
    tfjsNode: '4.22.0',
  })
  expect(installed.wheels[0]?.sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'addon', 'installed.json', 'tensorflow', 'tfjs-node'])
  expect(readdirSync(join(folder, 'tensorflow')).sort()).toEqual([
    'libtensorflow_cc.so.2',
    'libtensorflow_framework.so.2',
  ])
  expect(installed.bytes).toBe('the libraryits frameworkthe addonthe operation*\n'.length)
  expect(lines.join('\n')).toContain(installed.wheels[0]?.sha256)
  expect(seen).toContain('tensorflow/include/tensorflow/c/c_api.h')
  expect(seen.join()).not.toMatch(/external|__init__/)
})

test('a new installation replaces the old one, and says so', async () => {
  const { install, folder } = setting()
  expect(await install()).not.toHaveProperty('replaced')
  expect(await install()).toMatchObject({ replaced: '2.21.0' })
  writeFileSync(join(folder, 'installed.json'), '{}')
  expect(await install()).toMatchObject({ replaced: 'a damaged one' })
})

test.each(['obtainScripts', 'obtainWheels', 'buildAddon', 'tryInstallation'] as const)(
  'when %s fails, the old installation stays, nothing is left, and it is said',
  async (step) => {
    const { directory, folder, lines, install, steps } = setting()
    await install()
    Object.assign(steps, { [step]: broken })
    await expect(install()).rejects.toMatchObject({ message: 'It does not work.' })
    expect(readFileSync(join(folder, LIBRARY), 'utf8')).toBe('the library')
    expect(readdirSync(join(directory, '.dynotune/engines'))).toEqual(['tensorflow'])
    expect(lines.at(-1)).toBe('what had been done is undone')
  },
)

test.each(['buildPrograms', 'tryInstallation'] as const)(
  'when %s fails with the operation that runs programs, the installation is without it, and says so',
  async (step) => {
    const { folder, lines, install, steps } = setting()
    const { tryInstallation } = steps
    Object.assign(steps, {
      buildPrograms: async (stage: string) => {
        writeFileSync(join(stage, PROGRAMS), 'the operation')
        if (step === 'buildPrograms') await broken()
      },
      tryInstallation: async (stage: string) =>
        existsSync(join(stage, PROGRAMS)) ? broken() : tryInstallation(stage, 'cpu'),
    })
    expect(await install()).toMatchObject({ tensorflow: '2.21.0' })
    expect(existsSync(join(folder, PROGRAMS))).toBe(false)
    expect(lines.join('\n')).toContain('optimizers are slower: It does not work.')
  },
)

test('a library that is not the one in the record of its wheel undoes the installation', async () => {
  const { directory, install } = setting({}, { digests: { [LIBRARY]: 'x'.repeat(43) } })
  await expect(install()).rejects.toMatchObject({ code: 'engine.install', message: expect.stringContaining(LIBRARY) })
  expect(readdirSync(join(directory, '.dynotune/engines'))).toEqual([])
})

test("one that is aborted leaves nothing and throws the signal's reason", async () => {
  const interruption = new AbortController()
  const { directory, install } = setting({
    async buildAddon() {
      interruption.abort(new Error('Ctrl-C'))
      throw new Error('killed')
    },
  })
  await expect(install({ signal: interruption.signal })).rejects.toThrow('Ctrl-C')
  expect(readdirSync(join(directory, '.dynotune/engines'))).toEqual([])
})

test('what is missing, and a wheel that is not there, are said before anything is written', async () => {
  const lacking = () => {
    throw new DynotuneError('engine.install', 'No compiler.')
  }
  const { directory, install, steps } = setting()
  await expect(install({ wheels: ['nowhere.whl'] })).rejects.toMatchObject({
    code: 'option.invalid',
    path: '--wheel',
    value: join(directory, 'nowhere.whl'),
  })
  await expect(install({ wheels: [] })).rejects.toThrow('a wheel is given')
  Object.assign(steps, { findToolchain: lacking })
  await expect(install()).rejects.toMatchObject({ message: 'No compiler.' })
  expect(existsSync(join(directory, '.dynotune'))).toBe(false)
})

test('without a flag, a machine with an NVIDIA driver gets TensorFlow for GPUs', async () => {
  const fallbacks: string[] = []
  const { install, steps } = setting({
    obtainWheels: async ({ fallback }) => {
      fallbacks.push(fallback)
      return broken()
    },
  })
  for (const signs of ['nvidia', 'some', 'none'] as const) {
    Object.assign(steps, { gpuSigns: () => signs })
    await install().catch(() => {})
  }
  Object.assign(steps, { gpuSigns: () => 'nvidia', findTarget: () => findTarget('linux-arm64') })
  await install().catch(() => {})
  expect(fallbacks).toEqual(['gpu', 'cpu', 'cpu', 'cpu'])
})

test('a full disk undoes the installation and says how much it takes', async () => {
  const { directory, install } = setting({
    buildAddon: () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })),
  })
  await expect(install()).rejects.toMatchObject({
    message: 'The disk is full.',
    remedy: expect.stringContaining('2 GB'),
  })
  expect(readdirSync(join(directory, '.dynotune/engines'))).toEqual([])
})

test('a file in the way of the folder is named', async () => {
  const { directory, folder, install } = setting()
  writeFileSync(join(directory, '.dynotune'), '')
  await expect(install()).rejects.toMatchObject({ code: 'engine.install', path: folder })
})

test('what is installed can be removed; where nothing is, the one in use is named', async () => {
  const { directory, folder, install } = setting()
  await install()
  const inner = join(directory, 'inner')
  expect(thrownBy(() => removeTensorflow(inner))).toMatchObject({
    code: 'engine.missing',
    remedy: expect.stringContaining(directory),
  })
  expect(removeTensorflow(directory)).toMatchObject({ folder, manifest: { tensorflow: '2.21.0' } })
  expect(existsSync(folder)).toBe(false)
  expect(thrownBy(() => removeTensorflow(directory))).not.toHaveProperty('remedy', expect.anything())
})
