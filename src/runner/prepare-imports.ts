import { type ResolveFnOutput, type ResolveHookContext, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { ownFile } from './own-file.ts'

let prepared = false

/**
 * Makes `import … from 'dynotune'` in a study file mean the copy that is running, wherever the file lies: one class of
 * each kind in the process, and no installation beside the study needed. And makes `.ts` files modules even where the
 * nearest package.json says `"type": "commonjs"`, as `npm init` writes it: a study is a module. Packages that are not found
 * beside it, as where a worker keeps studies, are those that this copy has, or that the folder it was started in has.
 */
export function prepareImports(): void {
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
      const resolved = resolveHereOr(specifier, context, nextResolve)
      const isStudyCode = resolved.format === 'commonjs-typescript' && resolved.url.endsWith('.ts')
      return isStudyCode ? { ...resolved, format: 'module-typescript' } : resolved
    },
  })
}

type Resolve = (specifier: string, context?: Partial<ResolveHookContext>) => ResolveFnOutput

function resolveHereOr(specifier: string, context: ResolveHookContext, nextResolve: Resolve): ResolveFnOutput {
  try {
    return nextResolve(specifier, context)
  } catch (error) {
    if (!isMissing(error) || /^[./]|^\w+:/.test(specifier)) throw error
    for (const parentURL of [import.meta.url, pathToFileURL(`${process.cwd()}/`).href]) {
      try {
        return nextResolve(specifier, { ...context, parentURL })
      } catch {
        // What was asked for first is what the user is to read about.
      }
    }
    throw error
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
}
