import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { bundleDigest, bundleStudy } from '../../src/runner/bundle.ts'
import { rejectionOf } from '../helpers/errors.ts'
import { temporaryFolder } from '../helpers/folder.ts'

/** Writes files by their paths, and returns the URL of the first. */
function written(folder: string, files: { readonly [path: string]: string }): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return pathToFileURL(join(folder, Object.keys(files)[0] ?? '')).href
}

/** Imports a bundle that needs nothing from outside. */
async function imported(code: string): Promise<{ default: unknown }> {
  return import(/* @vite-ignore */ written(temporaryFolder(), { 'bundle.mjs': code }))
}

function mapOf(code: string): { sources: string[]; names: string[] } {
  return JSON.parse(Buffer.from(code.split('base64,').at(-1) ?? '', 'base64').toString())
}

/** Names that a bundler is tempted to make of folders: `index` twice, CommonJS, a package, a file above the study. */
const PROJECT = {
  'studies/index.ts': `import { above } from '../lib/index.ts'
import local from './local/index.cjs'
import twice from 'package'
import text from './text.json' with { type: 'json' }
/* a comment about /home/somebody */
export default { above: above(), local, twice: twice(21), text }`,
  'studies/local/index.cjs': `module.exports = require('node:path').basename('/a/local')`,
  'studies/text.json': `{ "words": ["é"] }`,
  'lib/index.ts': `export function above(): string { return 'above' }
export default class Unused {}`,
  'node_modules/package/package.json': `{ "name": "package", "main": "index.js" }`,
  'node_modules/package/index.js': `/*! licence */ exports.__esModule = true; module.exports = (x) => 2 * x`,
}

test('a study brings its files, its JSON and its packages', async () => {
  const { digest, code } = await bundleStudy(written(temporaryFolder(), PROJECT))
  expect(bundleDigest(code)).toBe(digest)
  expect((await imported(code)).default).toEqual({ above: 'above', local: 'local', twice: 42, text: { words: ['é'] } })
})

test('the digest is of the sources: the same in another folder, another when a helper is another', async () => {
  const [first, second] = [temporaryFolder(), join(temporaryFolder(), 'a', 'deeper place', 'v1.2')]
  const { code, digest } = await bundleStudy(written(first, PROJECT))
  cpSync(first, second, { recursive: true })
  const copy = pathToFileURL(join(second, 'studies/index.ts')).href
  expect((await bundleStudy(copy)).code).toBe(code)
  written(second, { 'lib/index.ts': `export const above = () => 'changed'` })
  expect((await bundleStudy(copy)).digest).not.toBe(digest)
})

test('the digest does not depend on what lies around the project', async () => {
  const url = written(temporaryFolder(), PROJECT)
  const { digest } = await bundleStudy(url)
  const elsewhere = temporaryFolder()
  const moved = written(join(elsewhere, 'inner'), PROJECT)
  // Packages of an outer folder, and settings that Node does not read either.
  cpSync(join(elsewhere, 'inner/node_modules'), join(elsewhere, 'node_modules'), { recursive: true })
  written(elsewhere, {
    'inner/node_modules/package/package.json': '{',
    'tsconfig.json': '{"compilerOptions":{"target":"es5"}}',
  })
  written(elsewhere, { 'inner/node_modules/package/package.json': PROJECT['node_modules/package/package.json'] })
  expect((await bundleStudy(moved)).digest).toBe(digest)
})

test('no path of this machine, no comment and no environment gets in', async () => {
  const folder = temporaryFolder()
  const { code } = await bundleStudy(written(folder, PROJECT))
  const { sources, names } = mapOf(code)
  expect(sources.toSorted()).toEqual(
    [
      'study:///index.ts',
      'study:///local/index.cjs',
      'study:///node_modules/package/index.js',
      'study:///text.json',
      'study:///index.ts',
    ].toSorted(),
  )
  expect(new Set(names)).toEqual(new Set(['']))
  for (const leak of [folder, tmpdir(), homedir(), process.cwd(), 'dynotune-test-', 'somebody', 'licence', '../']) {
    expect(code.split('//# source')[0]).not.toContain(leak)
  }
})

test('dynotune, Node, tfjs and native packages stay outside, with all below them', async () => {
  const { code } = await bundleStudy(
    written(temporaryFolder(), {
      'study.ts': `import { defineStudy } from 'dynotune'
import { train } from 'dynotune/train'
import { readFileSync } from 'fs'
import 'node:sqlite'
import '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-core/dist/ops/ops.js'
import 'webgpu'
import 'compiled'
import 'to-compile/inner'
import { inside } from 'pure'
export default [defineStudy, train, readFileSync, inside]`,
      'node_modules/compiled/package.json': '{ "name": "compiled" }',
      'node_modules/compiled/index.js': `require('./build/Release/it.node')`,
      'node_modules/compiled/build/Release/it.node': 'ELF',
      'node_modules/to-compile/package.json': '{ "name": "to-compile" }',
      'node_modules/to-compile/inner.js': '',
      'node_modules/to-compile/binding.gyp': '',
      // That a package below one is native does not make that one so.
      'node_modules/pure/package.json': '{ "name": "pure", "type": "module" }',
      'node_modules/pure/index.js': `import 'below'; export const inside = 'in here'`,
      'node_modules/pure/node_modules/below/package.json': '{ "name": "below", "main": "it.js" }',
      'node_modules/pure/node_modules/below/it.js': '',
      'node_modules/pure/node_modules/below/it.node': '',
    }),
  )
  const outside = [...code.matchAll(/import(?:\{[^}]*\}from)?["']([^"']+)["']/g)].map(([, name]) => name)
  expect(new Set(outside)).toEqual(
    new Set([
      ...['dynotune', 'dynotune/train', 'fs', 'node:module', 'node:sqlite'],
      ...['@tensorflow/tfjs-core', '@tensorflow/tfjs-core/dist/ops/ops.js', 'webgpu'],
      ...['compiled', 'to-compile/inner', 'below'],
    ]),
  )
  expect(code).toContain('in here')
})

test('the names that CommonJS has are free for a study to declare', async () => {
  const { code } = await bundleStudy(
    written(temporaryFolder(), {
      'study.ts': `import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const [__dirname, __filename] = [import.meta.dirname, import.meta.filename]
export default { sqlite: typeof require('node:sqlite').DatabaseSync, __dirname, __filename }`,
    }),
  )
  expect((await imported(code)).default).toMatchObject({
    sqlite: 'function',
    __filename: expect.stringMatching(/\.mjs$/),
  })
})

test.each([
  ['a mistake', { 'study.ts': '\nconst x = = 1' }, 'study.ts:2:11', /Unexpected "="/],
  ['a missing file', { 'study.ts': `import './gone.ts'` }, 'study.ts:1:8', /Could not resolve "\.\/gone\.ts"/],
  ['a missing package', { 'study.ts': `import 'not-installed'` }, 'study.ts:1:8', /Could not resolve "not-installed"/],
  [
    'a missing name',
    { 'study.ts': `import './a.ts'`, 'a.ts': `import { b } from './b.ts'\nb()`, 'b.ts': 'export {}' },
    'a.ts:1:10',
    /No matching export in "b\.ts" for import "b"/,
  ],
  [
    'a native file',
    { 'study.ts': `import './it.node'`, 'it.node': '' },
    'study.ts:1:8',
    /No loader is configured for "\.node" files/,
  ],
  [
    'JSON with a mistake',
    { 'study.ts': `import './x.json' with { type: 'json' }`, 'x.json': '{' },
    'x.json:1:2',
    /end of file/,
  ],
])('%s is refused with its place', async (_, files, place, message) => {
  const folder = temporaryFolder()
  const error = await rejectionOf(bundleStudy(written(folder, files)))
  expect(error).toMatchObject({
    code: 'study.bundle',
    path: join(folder, place),
    message: expect.stringMatching(message),
  })
  expect(error.remedy).toBeTruthy()
})

test('a study that is not there is refused with its path', async () => {
  const path = join(temporaryFolder(), 'gone.ts')
  expect(await rejectionOf(bundleStudy(pathToFileURL(path).href))).toMatchObject({ code: 'study.bundle', path })
})

test('16 MiB do not travel, 15 do', async () => {
  const study = (letters: number) =>
    written(temporaryFolder(), {
      'study.ts': `import text from './text.json' with { type: 'json' }\nexport default text`,
      'text.json': JSON.stringify('x'.repeat(letters)),
    })
  // Long strings are broken into lines.
  expect(Buffer.byteLength((await bundleStudy(study(14 * 2 ** 20))).code) / 2 ** 20).toBeCloseTo(15, 0)
  expect(await rejectionOf(bundleStudy(study(2 ** 24)))).toMatchObject({
    code: 'study.bundle',
    value: expect.stringMatching(/^1[67]\.\d MiB$/),
    remedy: expect.stringContaining('files that lie on the workers'),
  })
})

test('importing the module that bundles does not load the bundler', () => {
  const source = readFileSync(fileURLToPath(new URL('../../src/runner/bundle.ts', import.meta.url)), 'utf8')
  expect(source).not.toMatch(/^import (?!type).*'esbuild'/m)
})
