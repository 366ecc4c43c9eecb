import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DynotuneError } from '../errors.ts'
import { isStudy, type Study } from '../study/study.ts'
import { prepareImports } from './prepare-imports.ts'

/**
 * Imports a study file.
 * @param url of the file
 * @throws DynotuneError `study.missing`, `study.import` or `study.no_default`; a `space.*` or `study.invalid` of its own
 */
export async function importStudy(url: string): Promise<Study> {
  const path = fileURLToPath(url)
  if (!existsSync(path)) {
    throw new DynotuneError('study.missing', 'There is no such study file.', {
      path,
      remedy: 'check the path, relative to the current folder',
    })
  }
  prepareImports()
  // Stacks in a bundle name the files that it was made of.
  if (path.endsWith('.mjs')) process.setSourceMapsEnabled(true)
  const module: { default?: unknown } = await import(url).catch((error: unknown) => {
    if (error instanceof DynotuneError) throw error
    throw new DynotuneError('study.import', 'The study file fails when it is imported.', {
      path,
      remedy: 'mend the error below',
      cause: error,
    })
  })
  if (!isStudy(module.default)) {
    throw new DynotuneError(
      'study.no_default',
      module.default === undefined ? 'The study file has no default export.' : 'The default export is not a study.',
      {
        path,
        remedy: 'write: export default defineStudy({ … })',
      },
    )
  }
  return module.default
}

/** SHA-256 of a study file's text, in hex. */
export function sourceDigest(url: string): string {
  return createHash('sha256')
    .update(readFileSync(fileURLToPath(url)))
    .digest('hex')
}
