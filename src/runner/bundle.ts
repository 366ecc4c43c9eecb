import { createHash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildFailure, BuildOptions } from 'esbuild'
import { DynotuneError } from '../errors.ts'
import { nativePackagesStayOutside } from './native-packages.ts'

/** A study that travels: one module, which needs nothing from the machine it was made on. */
export interface Bundle {
  /** SHA-256 of the code, in hex. */
  readonly digest: string
  /** An ES module with the study as its default export. */
  readonly code: string
}

const MOST_MIB = 16

/** What CommonJS packages expect to find, and modules do not have. The study's own names are shortened, so none is declared twice. */
const COMMONJS =
  "import{createRequire}from'node:module';" +
  'const require=createRequire(import.meta.url),__filename=import.meta.filename,__dirname=import.meta.dirname;'

/**
 * No path of this machine gets into the code: short names keep out the identifiers and comments that are made of paths, and
 * what the user called a function is kept beside it, for stacks.
 */
const OPTIONS = {
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  minifyIdentifiers: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  // An uncaught error shows the whole line.
  lineLimit: 120,
  sourcemap: 'external',
  sourcesContent: false,
  logLevel: 'silent',
  external: ['dynotune', '@tensorflow/*', 'webgpu'],
  plugins: [nativePackagesStayOutside],
  banner: { js: COMMONJS },
  // As Node reads TypeScript, whatever a tsconfig.json nearby says.
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: true } },
} satisfies BuildOptions

/**
 * Makes one module of a study file, the files and JSON that it imports, and their packages. Outside stay `dynotune`, Node's
 * own modules, tfjs and packages with native code: those are the worker's. Nothing else travels: a file that the study reads
 * by path, or by `new URL('./data.csv', import.meta.url)`, must be found on the worker, by name.
 *
 * The same sources give the same digest, in whatever folder and on whatever machine. Stacks name files relative to the
 * study's folder, as `study:///model.ts:12:3`, where source maps are switched on.
 * @param url of the study file
 * @throws DynotuneError `study.bundle` for what cannot be bundled, with file and line, or is over 16 MiB
 */
export async function bundleStudy(url: string): Promise<Bundle> {
  const path = fileURLToPath(url)
  const folder = dirname(path)
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [path], absWorkingDir: folder, outfile: 'study.mjs' })
  const [map = '', code = ''] = ['.map', '.mjs'].map((end) => outputFiles.find((file) => file.path.endsWith(end))?.text)
  const whole = `${code}//# sourceMappingURL=data:application/json;base64,${portable(map)}\n`
  const size = Buffer.byteLength(whole)
  if (size > MOST_MIB * 2 ** 20) {
    throw new DynotuneError(
      'study.bundle',
      `The study is too large to travel: over ${MOST_MIB} MiB with all it imports.`,
      {
        path,
        value: `${(size / 2 ** 20).toFixed(1)} MiB`,
        remedy: 'read data from files that lie on the workers, rather than import them',
      },
    )
  }
  return { digest: bundleDigest(whole), code: whole }
}

/** SHA-256 of a bundle's code, in hex. */
export function bundleDigest(code: string | Buffer): string {
  return createHash('sha256').update(code).digest('hex')
}

async function build(options: typeof OPTIONS & { entryPoints: [string]; absWorkingDir: string; outfile: string }) {
  try {
    const esbuild = await import('esbuild')
    return await esbuild.build(options)
  } catch (error) {
    const [entry] = options.entryPoints
    const [message] = isBuildFailure(error) ? error.errors : []
    if (!message) {
      throw new DynotuneError('study.bundle', 'The bundler cannot be started.', {
        path: entry,
        remedy: 'install dynotune anew, with optional dependencies: esbuild is one package for each platform',
        cause: error,
      })
    }
    const { text, location } = message
    throw new DynotuneError('study.bundle', `The study cannot be bundled for workers: ${text.replace(/\.$/, '')}.`, {
      path: location
        ? `${resolve(options.absWorkingDir, location.file)}:${location.line}:${location.column + 1}`
        : entry,
      remedy: 'mend that line: all that a study imports must be there when it is sent to workers',
    })
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

/** The source map in base64, without what depends on where the sources lie: folders above the study, names made of paths. */
function portable(text: string): string {
  const map: { sources: string[]; names: string[] } = JSON.parse(text)
  const sources = map.sources.map((source) => `study:///${placeOf(source)}`)
  return Buffer.from(JSON.stringify({ ...map, sources, names: map.names.map(() => '') })).toString('base64')
}

function placeOf(source: string): string {
  const inPackages = source.lastIndexOf('node_modules/')
  if (inPackages >= 0) return source.slice(inPackages)
  return source.startsWith('../') ? source.slice(source.lastIndexOf('/') + 1) : source
}
