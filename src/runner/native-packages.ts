import { existsSync, globSync } from 'node:fs'
import { findPackageJSON, isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'

/** Leaves packages that hold native code out of a bundle: they are compiled for one kind of machine and find their parts by path. */
export const nativePackagesStayOutside: Plugin = {
  name: 'native-packages',
  setup(build) {
    const known = new Map<string, boolean>()
    build.onResolve({ filter: /^[^./#]/ }, ({ path, importer }) => {
      if (importer === '' || isBuiltin(path)) return undefined
      const folder = folderOfPackage(path, importer)
      if (folder === undefined) return undefined
      const isNative = known.get(folder) ?? hasNativeCode(folder)
      known.set(folder, isNative)
      return isNative ? { path, external: true } : undefined
    })
  },
}

function folderOfPackage(specifier: string, importer: string): string | undefined {
  try {
    const found = findPackageJSON(specifier, pathToFileURL(importer))
    return found === undefined ? undefined : dirname(found)
  } catch {
    // That it is missing is for the bundler to say, which knows the line.
    return undefined
  }
}

function hasNativeCode(folder: string): boolean {
  if (existsSync(join(folder, 'binding.gyp'))) return true
  return globSync('**/*.node', { cwd: folder, exclude: (name) => name === 'node_modules' }).length > 0
}
