import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundleDigest } from '../../src/runner/bundle.ts'
import { createBundleCache, defaultCacheFolder } from '../../src/runner/bundle-cache.ts'
import { thrownBy } from '../helpers/errors.ts'
import { temporaryFolder } from '../helpers/folder.ts'

const CODE = 'export default "é"\n'
const DIGEST = bundleDigest(CODE)
const DAY_MS = 24 * 3600 * 1000

/** Lets a file have been used last some days ago. */
function age(path: string, days: number): void {
  const then = new Date(Date.now() - days * DAY_MS)
  utimesSync(path, then, then)
}

test('what is kept is found, by this cache and later ones, in a folder of this user alone', () => {
  const folder = join(temporaryFolder(), 'deep', 'bundles')
  const cache = createBundleCache(folder)
  expect(cache.find(DIGEST)).toBeUndefined()
  const url = cache.keep(DIGEST, CODE)
  expect(cache.find(DIGEST)).toBe(url)
  expect(createBundleCache(folder).find(DIGEST)).toBe(url)
  expect(cache.keep(DIGEST, CODE)).toBe(url)
  expect(readFileSync(fileURLToPath(url), 'utf8')).toBe(CODE)
  expect(readdirSync(folder)).toEqual([`${DIGEST}.mjs`])
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(fileURLToPath(url)).mode & 0o777).toBe(0o600)
})

test('code with another digest is refused, and not written', () => {
  const folder = temporaryFolder()
  const cache = createBundleCache(folder)
  for (const altered of [`${CODE} `, CODE.slice(1), CODE.replace('e', 'f'), '']) {
    const error = thrownBy(() => cache.keep(DIGEST, altered))
    expect(error).toMatchObject({ code: 'worker.bundle', path: DIGEST, value: bundleDigest(altered) })
  }
  expect(readdirSync(folder)).toEqual([])
})

test('a file that was altered in the cache is thrown away', () => {
  const cache = createBundleCache(temporaryFolder())
  const path = fileURLToPath(cache.keep(DIGEST, CODE))
  writeFileSync(path, CODE.replace('e', 'f'))
  expect(cache.find(DIGEST)).toBeUndefined()
  expect(existsSync(path)).toBe(false)
  expect(cache.find(DIGEST)).toBeUndefined()
  cache.keep(DIGEST, CODE)
  expect(cache.find(DIGEST)).toBeDefined()
})

test.each([
  '',
  '../../etc/passwd',
  DIGEST.slice(1),
  `${DIGEST}0`,
  `${DIGEST}\n`,
  DIGEST.toUpperCase(),
  `${DIGEST.slice(3)}/..`,
])('what is no digest touches no file: %j', (digest) => {
  const folder = temporaryFolder()
  const cache = createBundleCache(folder)
  expect(thrownBy(() => cache.find(digest))).toMatchObject({ code: 'worker.bundle', value: digest })
  expect(thrownBy(() => cache.keep(digest, CODE))).toMatchObject({ code: 'worker.bundle', value: digest })
  expect(readdirSync(folder)).toEqual([])
})

test('bundles and drafts that nobody used for 30 days go; those found since stay, and files of others', () => {
  const folder = temporaryFolder()
  const cache = createBundleCache(folder)
  const [used, unused] = ['1', '2'].map((code) => ({
    digest: bundleDigest(code),
    url: cache.keep(bundleDigest(code), code),
  }))
  if (!used || !unused) throw new Error('unreachable')
  const draft = `${DIGEST}.mjs.123`
  for (const name of [draft, 'notes.mjs', 'README.md']) writeFileSync(join(folder, name), '')
  for (const name of readdirSync(folder)) age(join(folder, name), 29)
  createBundleCache(folder)
  expect(readdirSync(folder)).toHaveLength(5)
  for (const name of readdirSync(folder)) age(join(folder, name), 31)
  expect(cache.find(used.digest)).toBe(used.url)
  createBundleCache(folder)
  expect(readdirSync(folder).toSorted()).toEqual([`${used.digest}.mjs`, 'README.md', 'notes.mjs'].toSorted())
})

test('a folder that cannot be written is named', () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  const folder = join(file, 'bundles')
  expect(thrownBy(() => createBundleCache(folder))).toMatchObject({ code: 'worker.bundle', path: folder })
})

test('a draft is not left behind when it cannot be renamed', () => {
  const folder = temporaryFolder()
  const cache = createBundleCache(folder)
  mkdirSync(join(folder, `${DIGEST}.mjs`))
  expect(cache.find(DIGEST)).toBeUndefined()
  expect(thrownBy(() => cache.keep(DIGEST, CODE))).toMatchObject({ code: 'worker.bundle', path: folder })
  expect(readdirSync(folder)).toEqual([`${DIGEST}.mjs`])
})

test('the default folder is where the user has caches', () => {
  expect(defaultCacheFolder({ XDG_CACHE_HOME: '/var/caches' })).toBe('/var/caches/dynotune/bundles')
  for (const env of [{}, { XDG_CACHE_HOME: '' }, { XDG_CACHE_HOME: 'relative' }]) {
    expect(defaultCacheFolder(env)).toBe(join(homedir(), '.cache/dynotune/bundles'))
  }
})
