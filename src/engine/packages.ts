import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)

/** The main file of an installed package, or undefined when it is not installed. */
export function findPackage(name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}

/** Loads a package that may not be there, and of which therefore nothing is known at compile time. */
export async function importFile(path: string): Promise<unknown> {
  const module: unknown = await import(pathToFileURL(path).href)
  return module
}
