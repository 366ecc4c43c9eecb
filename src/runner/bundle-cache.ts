import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DynotuneError } from '../errors.ts'
import { makeFolder } from '../store/make-folder.ts'
import { writeWhole } from '../store/write-whole.ts'
import { bundleDigest } from './bundle.ts'

/** Bundles of studies on a worker, by the digests of their code. Nothing comes out of it that has another digest. */
export interface BundleCache {
  /**
   * The file of a bundle, as a file URL. One that has been altered is thrown away, and is not there.
   * @throws DynotuneError `worker.bundle` for what is no digest
   */
  find(digest: string): string | undefined
  /**
   * Puts a bundle there, and returns the URL of its file.
   * @throws DynotuneError `worker.bundle` when the code has another digest, or cannot be written
   */
  keep(digest: string, code: string): string
}

const UNUSED_MS = 30 * 24 * 3600 * 1000
/** A bundle, or the draft of one that was never finished. */
const OURS = /^[0-9a-f]{64}\.mjs(\.\d+)?$/

/** `dynotune/bundles` in the user's folder for caches: `XDG_CACHE_HOME`, else `~/.cache`. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME: named = '' } = env
  // The XDG specification says to ignore a relative one.
  return join(isAbsolute(named) ? named : join(homedir(), '.cache'), 'dynotune', 'bundles')
}

/**
 * Opens the cache in a folder, and removes from it what was not used for 30 days.
 * @param folder is made when it is not there, for this user alone
 * @throws DynotuneError `worker.bundle` when it cannot be written
 */
export function createBundleCache(folder: string): BundleCache {
  writing(folder, () => {
    const isNew = !existsSync(folder)
    makeFolder(folder)
    // What lies there is run: nobody else may put it there.
    if (isNew) chmodSync(folder, 0o700)
    prune(folder)
  })

  function pathOf(digest: string): string {
    if (/^[0-9a-f]{64}$/.test(digest)) return join(folder, `${digest}.mjs`)
    throw new DynotuneError('worker.bundle', 'This is not the digest of a bundle.', {
      path: 'digest',
      value: digest,
      remedy: 'expected a SHA-256 in lower-case hex',
    })
  }

  return {
    find(digest) {
      const path = pathOf(digest)
      const code = readIfThere(path)
      if (code === undefined) return undefined
      return writing(folder, () => {
        if (bundleDigest(code) !== digest) {
          rmSync(path, { force: true })
          return undefined
        }
        const now = new Date()
        utimesSync(path, now, now)
        return pathToFileURL(path).href
      })
    },
    keep(digest, code) {
      const path = pathOf(digest)
      const actual = bundleDigest(code)
      if (actual !== digest) {
        throw new DynotuneError('worker.bundle', "The study's bundle is not what its digest says, and is not run.", {
          path: digest,
          value: actual,
          remedy: 'find out who else writes to the Redis, then run the study again',
        })
      }
      return writing(folder, () => {
        writeWhole(path, code, { mode: 0o600 })
        return pathToFileURL(path).href
      })
    },
  }
}

function prune(folder: string): void {
  const oldest = Date.now() - UNUSED_MS
  for (const name of readdirSync(folder)) {
    if (!OURS.test(name)) continue
    const path = join(folder, name)
    // Another worker may have removed it by now.
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats && stats.mtimeMs < oldest) rmSync(path, { force: true })
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

function writing<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new DynotuneError('worker.bundle', 'The cache of studies cannot be written.', {
      path: folder,
      remedy: 'name a folder that this user may write to with XDG_CACHE_HOME',
      cause: error,
    })
  }
}
