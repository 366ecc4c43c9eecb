import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadOperations } from '../../../src/engine/operations.ts'
import type { Place } from '../../../src/engine/tensorflow/places.ts'
import { tensorflowEngine } from '../../../src/engine/tensorflow/tensorflow.ts'
import { temporaryFolder } from '../../helpers/folder.ts'

const GPU = '@tensorflow/tfjs-node-gpu'

function place(name: string, kind: Place['kind'] = 'package', addon = import.meta.filename): Place {
  return { kind, name, scripts: '/nowhere', addon }
}

/** An engine from these places, of which those loaded by `load` work. */
function engineOf(places: readonly Place[], load: (name: string) => void) {
  return tensorflowEngine(
    {},
    {
      find: () => places,
      async load({ name }) {
        load(name)
        return loadOperations()
      },
    },
  )
}

test('tensorflow that is not installed is missing, with the command that installs it', async () => {
  await expect(engineOf([], () => {})).rejects.toMatchObject({
    code: 'engine.missing',
    path: 'engine',
    remedy: expect.stringContaining('`dynotune engine install tensorflow`'),
  })
})

test('the first that loads is taken, and no more are loaded', async () => {
  const loaded: string[] = []
  const engine = await engineOf([place('mine', 'installation'), place(GPU), place('@tensorflow/tfjs-node')], (name) => {
    loaded.push(name)
    if (name === 'mine') throw new Error('no CUDA')
  })
  expect(loaded).toEqual(['mine', GPU])
  expect(engine.name).toBe('tensorflow')
})

test('a package without its native binary is broken, with the commands that bring it', async () => {
  const absent = place(GPU, 'package', join(temporaryFolder(), 'tfjs_binding.node'))
  const failure = engineOf([absent], () => {
    throw new Error('Cannot find module')
  })
  await expect(failure).rejects.toMatchObject({
    code: 'engine.broken',
    path: 'engine',
    message: `The package ${GPU} is installed without its native binary.`,
    remedy: expect.stringMatching(
      /`npm install-scripts approve (.*)` and then `npm rebuild \1`.*dynotune engine install/,
    ),
  })
})

test('of several that do not load the first is named, with what it said', async () => {
  const addon = join(temporaryFolder(), 'tfjs_binding.node')
  writeFileSync(addon, 'not machine code')
  const failure = engineOf([place(GPU, 'package', addon), place('@tensorflow/tfjs-node')], (name) => {
    throw new Error(`${name}: libcudart.so.11.0: cannot open shared object file`)
  })
  await expect(failure).rejects.toMatchObject({
    code: 'engine.broken',
    message: `The engine "tensorflow" is installed as ${GPU} but does not load.`,
    remedy: expect.stringContaining(`npm rebuild ${GPU}`),
    cause: expect.objectContaining({ message: expect.stringContaining(`${GPU}: libcudart`) }),
  })
})

test("a damaged installation of the project's own is built again", async () => {
  const failure = engineOf([place('.dynotune/engines/tensorflow', 'installation')], () => {
    throw new Error('invalid ELF header')
  })
  await expect(failure).rejects.toMatchObject({
    code: 'engine.broken',
    remedy: expect.stringContaining('build it again with `dynotune engine install tensorflow`'),
  })
})
