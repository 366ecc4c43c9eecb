import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { DynotuneError } from '../errors.ts'
import { isStudy, type Study } from '../study/study.ts'
import { ownFile } from './own-file.ts'

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

let prepared = false

/**
 * Makes `import … from 'dynotune'` in a study file mean the copy that is running, wherever the file lies: one class of
 * each kind in the process, and no installation beside the study needed. And makes `.ts` files modules even where the
 * nearest package.json says `"type": "commonjs"`, as `npm init` writes it: a study is a module.
 */
function prepareImports(): void {
  if (prepared) return
  prepared = true
  const own: Readonly<Record<string, string>> = {
    dynotune: ownFile('../index').href,
    'dynotune/train': ownFile('../train/index').href,
  }
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = own[specifier]
      if (url !== undefined) return { url, shortCircuit: true }
      const resolved = nextResolve(specifier, context)
      const isStudyCode = resolved.format === 'commonjs-typescript' && resolved.url.endsWith('.ts')
      return isStudyCode ? { ...resolved, format: 'module-typescript' } : resolved
    },
  })
}
