import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** What draws figures in a browser, in the order in which it has to run: each with its licence, which asks to go along. */
export function libraries(): Promise<string[]> {
  return Promise.all(['vega', 'vega-lite', 'vega-embed'].map(library))
}

async function library(name: string): Promise<string> {
  const build = dirname(require.resolve(name))
  const [licence, code] = await Promise.all(
    [join(build, '..', 'LICENSE'), join(build, `${name}.min.js`)].map((path) => readFile(path, 'utf8')),
  )
  // A debugger would go and look for the map.
  return `/*!\n${name}\n\n${licence?.trim()}\n*/\n${code?.replace(/^\/\/# sourceMappingURL=.*$/m, '').trim()}`
}
