import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const SOURCE = resolve(import.meta.dirname, '../src')

/** The rooms from the ground up: a file imports its own room and rooms before it, nothing else. */
const ROOMS = [
  'errors',
  'numerics',
  'space',
  'study',
  'samplers',
  'pruners',
  'analysis',
  'engine',
  'train',
  'store',
  'runner',
  'queue',
  'worker',
  'scheduler',
  'report',
  'cli',
  'index',
]

/** Rooms that compute and nothing else: no clock, disk, network, process or hidden randomness. */
const PURE = ['errors', 'numerics', 'space', 'study', 'samplers', 'pruners', 'analysis']

const files = globSync('**/*.ts', { cwd: SOURCE }).sort()

/** Comments and strings out of the way, imports kept. */
function codeOf(file: string): string {
  return readFileSync(join(SOURCE, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')
}

function roomOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.ts$/, '')
}

function importsOf(file: string): string[] {
  const specifiers = codeOf(file).matchAll(
    /^(?:import|export)\b[^'"(=;]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm,
  )
  return [...specifiers].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')
}

function localImportsOf(file: string): string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(SOURCE, resolve(SOURCE, dirname(file), specifier)))
}

test('every file is in a room', () => {
  expect(files.length).toBeGreaterThan(50)
  expect(files.filter((file) => !ROOMS.includes(roomOf(file)))).toEqual([])
})

describe('imports', () => {
  test('go to the own room or down, never up', () => {
    const upward = files.flatMap((file) =>
      localImportsOf(file)
        .filter((target) => ROOMS.indexOf(roomOf(target)) > ROOMS.indexOf(roomOf(file)))
        .map((target) => `${file} -> ${target}`),
    )
    expect(upward).toEqual([])
  })

  test('name files that exist', () => {
    const missing = files.flatMap((file) => localImportsOf(file).filter((target) => !files.includes(target)))
    expect(missing).toEqual([])
  })

  test('form no circle, types included', () => {
    const done = new Set<string>()
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error(`circle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`)
      if (done.has(file)) return
      for (const target of localImportsOf(file)) walk(target, [...path, file])
      done.add(file)
    }
    for (const file of files) walk(file, [])
    expect(done.size).toBe(files.length)
  })

  test('of pure rooms reach no clock, disk, network or process', () => {
    const allowed = /^(node:crypto|zod|ml-matrix|@tensorflow\/tfjs-core.*)$/
    const pure = files.filter((file) => PURE.includes(roomOf(file)))
    const impure = pure.flatMap((file) => [
      ...importsOf(file)
        .filter((specifier) => !specifier.startsWith('.') && !allowed.test(specifier))
        .map((specifier) => `${file} imports ${specifier}`),
      ...[
        ...codeOf(file).matchAll(
          // `process.exit`, not a path such as './process.ts'.
          /\b(Math\.random|Date\.now|new Date\b|performance\.|process\.(?!ts')|setTimeout|setInterval|fetch\()/g,
        ),
      ].map(([what]) => `${file} uses ${what}`),
    ])
    expect(impure).toEqual([])
  })

  test('of heavy packages are made where they are used, so that help is quick', () => {
    const heavy = /^(vega|vega-lite|@tensorflow\/.*)$/
    const eager = files.flatMap((file) =>
      [...codeOf(file).matchAll(/^import\s+(?!type\b)[^;]*?from\s*'([^']+)'/gm)]
        .filter(([, specifier = '']) => heavy.test(specifier))
        .map(([line]) => `${file}: ${line}`),
    )
    expect(eager).toEqual([])
  })

  test('of what speaks to Redis are made where a study is run over it', () => {
    const eagerOf = (file: string) =>
      [...codeOf(file).matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s*'([^']+)'/gm)].map(([, from = '']) => from)
    const seen = new Set(['scheduler/run-study.ts', 'cli/run-command.ts', 'index.ts'])
    for (const file of seen)
      for (const specifier of eagerOf(file).filter((each) => each.startsWith('.')))
        seen.add(relative(SOURCE, resolve(SOURCE, dirname(file), specifier)))
    expect(seen.size).toBeGreaterThan(100)
    const loaded = [...seen].filter((file) =>
      eagerOf(file).some((from) => /^(bullmq|ioredis|esbuild|pino)$/.test(from)),
    )
    expect(loaded).toEqual([])
  })
})
