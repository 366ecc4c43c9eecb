import { registerHooks } from 'node:module'
import { ownFile } from './own-file.ts'

let prepared = false

/**
 * Makes `import … from 'dynotune'` in a study file mean the copy that is running, wherever the file lies: one class of
 * each kind in the process, and no installation beside the study needed. And makes `.ts` files modules even where the
 * nearest package.json says `"type": "commonjs"`, as `npm init` writes it: a study is a module.
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
      const resolved = nextResolve(specifier, context)
      const isStudyCode = resolved.format === 'commonjs-typescript' && resolved.url.endsWith('.ts')
      return isStudyCode ? { ...resolved, format: 'module-typescript' } : resolved
    },
  })
}
