import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, normalize } from 'node:path'
import { z } from 'zod'

const manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) })

/**
 * The packages that these files of the project may load, theirs included: the dependencies that they, or what they import,
 * name in a string.
 * @param root the project's folder
 */
export function packagesOf(root: string, entries: readonly string[]): string[] {
  const known = Object.keys(manifestOf(root).dependencies)
  const files = new Set<string>()
  const packages = new Set<string>()
  const visitFile = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const text of stringsIn(readFileSync(join(root, file), 'utf8'))) {
      const name = known.find((each) => text === each || text.startsWith(`${each}/`))
      if (name) visitPackage(name)
      else if (/^\.{1,2}\/.*\.ts$/.test(text)) visitFile(normalize(join(dirname(file), text)))
    }
  }
  const visitPackage = (name: string): void => {
    const folder = join(root, 'node_modules', name)
    // Types alone are needed by nobody at run time.
    if (packages.has(name) || name.startsWith('@types/') || name === '@webgpu/types' || !existsSync(folder)) return
    packages.add(name)
    for (const dependency of Object.keys(manifestOf(folder).dependencies)) visitPackage(dependency)
  }
  for (const entry of entries) visitFile(entry)
  return [...packages].sort()
}

/** Whether a package's file is of use on linux-x64 under Node: `path` is relative to the package. */
export function isNeeded(path: string): boolean {
  if (/\.(map|d\.[cm]?ts|md|txt|ts)$|_test\.js$|(^|\/)(test|tests|benchmark|miniprogram)\//.test(path)) return false
  // The other builds of TensorFlow.js's packages: for browsers, or the same with another syntax.
  if (/^dist\/tf-[\w-]+(\.(es2017|fesm|min)[\w.]*)?\.js$/.test(path)) return false
  return !/^dist\/(darwin|linux|win32)-/.test(path) || path.startsWith('dist/linux-x64/')
}

/** Copies what is needed of a package, scripts without the source maps inside them. */
export function copyPackage(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    const path = file.slice(from.length + 1)
    if (!entry.isFile() || !isNeeded(path)) continue
    const target = join(to, path)
    mkdirSync(dirname(target), { recursive: true })
    const bytes = readFileSync(file)
    writeFileSync(target, extname(path) === '.js' ? withoutSourceMap(bytes.toString('utf8')) : bytes)
  }
}

function withoutSourceMap(script: string): string {
  return script.replace(/^\/\/# sourceMappingURL=.*$/gm, '')
}

function stringsIn(source: string): string[] {
  const code = source.replace(/^import type .*$/gm, '')
  return [...code.matchAll(/'([^'\n]+)'/g)].map(([, text = '']) => text)
}

function manifestOf(folder: string) {
  return manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
}
