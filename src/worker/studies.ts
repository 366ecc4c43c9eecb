import type { Redis } from 'ioredis'
import { DynotuneError } from '../errors.ts'
import type { Names } from '../queue/redis/names.ts'
import { createBundleCache, defaultCacheFolder } from '../runner/bundle-cache.ts'

/** The studies of a worker's jobs, fetched once each. */
export interface Studies {
  /**
   * The file of a study, as a file URL.
   * @param digest of its bundle
   * @throws DynotuneError `worker.bundle`
   */
  moduleOf(digest: string): Promise<string>
}

/** @param cache the folder in which they are kept. Default: in the user's cache */
export function createStudies(redis: Redis, names: Names, cache: string = defaultCacheFolder()): Studies {
  const bundles = createBundleCache(cache)
  /** Those that this process has checked, by digest. */
  const modules = new Map<string, Promise<string>>()

  async function fetchCode(digest: string): Promise<string> {
    const code = await redis.get(names.bundle(digest))
    if (code !== null) return code
    throw new DynotuneError('worker.bundle', 'The study is not in Redis any more.', {
      value: digest,
      remedy: 'start the run again',
    })
  }

  async function findModule(digest: string): Promise<string> {
    return bundles.find(digest) ?? bundles.keep(digest, await fetchCode(digest))
  }

  return {
    moduleOf(digest) {
      const module = modules.get(digest) ?? findModule(digest)
      modules.set(digest, module)
      module.catch(() => modules.delete(digest))
      return module
    },
  }
}
