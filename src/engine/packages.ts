import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** The main file of an installed package, or undefined when it is not installed. */
export function findPackage(name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}
