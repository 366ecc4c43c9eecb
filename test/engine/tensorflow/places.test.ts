import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { findInstallation, findPlaces, INSTALLATION } from '../../../src/engine/tensorflow/places.ts'
import { temporaryFolder } from '../../helpers/folder.ts'

function write(path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '{}')
  return path
}

test('the installation in use is that of the folder, or of the nearest above it', () => {
  const project = temporaryFolder()
  const inner = join(project, 'packages/one')
  mkdirSync(inner, { recursive: true })
  expect(findInstallation(inner)).toBeUndefined()
  write(join(project, INSTALLATION, 'installed.json'))
  expect(findInstallation(inner)).toBe(join(project, INSTALLATION))
  write(join(inner, INSTALLATION, 'installed.json'))
  expect(findInstallation(inner)).toBe(join(inner, INSTALLATION))
})

test('an installation without its manifest was never finished, and is none', () => {
  const project = temporaryFolder()
  write(join(project, INSTALLATION, 'addon/tfjs_binding.node'))
  expect(findInstallation(project)).toBeUndefined()
})

test('the installation comes first, then the package for GPUs, then the other', () => {
  const project = temporaryFolder()
  write(join(project, INSTALLATION, 'installed.json'))
  const find = (name: string) => join(project, name, 'dist/index.js')
  write(join(project, '@tensorflow/tfjs-node/lib/napi-v9/tfjs_binding.node'))
  expect(findPlaces(project, find)).toEqual([
    {
      kind: 'installation',
      name: join(project, INSTALLATION),
      scripts: join(project, INSTALLATION, 'tfjs-node/dist'),
      addon: join(project, INSTALLATION, 'addon/tfjs_binding.node'),
      programs: join(project, INSTALLATION, 'addon/dynotune_programs.node'),
    },
    {
      kind: 'package',
      name: '@tensorflow/tfjs-node-gpu',
      scripts: join(project, '@tensorflow/tfjs-node-gpu/dist'),
      addon: join(project, '@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node'),
    },
    {
      kind: 'package',
      name: '@tensorflow/tfjs-node',
      scripts: join(project, '@tensorflow/tfjs-node/dist'),
      addon: join(project, '@tensorflow/tfjs-node/lib/napi-v9/tfjs_binding.node'),
    },
  ])
  expect(findPlaces(temporaryFolder(), () => undefined)).toEqual([])
})
