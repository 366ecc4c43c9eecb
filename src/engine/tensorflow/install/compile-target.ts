import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from './run-tool.ts'
import type { Toolchain } from './toolchain.ts'

export interface CompiledTarget {
  /** Of the file in `addon/`, without its ending. */
  readonly name: string
  /** For an error: "compile the addon". */
  readonly task: string
  /** Libraries that it is linked with, by their paths in the stage; found from where the file lies. */
  readonly libraries: readonly string[]
  /** What else gyp is to know, paths being relative to a folder in the stage. */
  readonly settings: Readonly<Record<string, unknown>>
  /** For the compiler on a Mac. */
  readonly xcode?: Readonly<Record<string, unknown>>
}

/**
 * Compiles an addon of Node in a staged installation, against TensorFlow's headers in `tensorflow/`, into `addon/`.
 * @throws DynotuneError `engine.install` with what the compiler says
 */
export async function compileTarget(
  stage: string,
  target: CompiledTarget,
  { nodeGyp: [command, ...args], headers, python }: Toolchain,
  signal?: AbortSignal,
): Promise<void> {
  const build = join(stage, 'build')
  mkdirSync(build)
  writeFileSync(join(build, 'binding.gyp'), JSON.stringify(configuration(target), null, 2))
  const nodedir = headers === undefined ? [] : [`--nodedir=${headers}`]
  try {
    await runTool(command, [...args, 'rebuild', '--jobs=max', '--python', python, ...nodedir], {
      task: target.task,
      remedy: 'see what the compiler says',
      cwd: build,
      signal,
    })
    mkdirSync(join(stage, 'addon'), { recursive: true })
    const file = `${target.name}.node`
    renameSync(join(build, 'build', 'Release', file), join(stage, 'addon', file))
  } finally {
    rmSync(build, { recursive: true, force: true })
  }
}

/** In the format of gyp, for which JSON will do. Paths are relative: gyp's makefiles know no spaces. */
function configuration({ name, libraries, settings, xcode }: CompiledTarget): object {
  const folders = [...new Set(libraries.map((path) => path.slice(0, path.lastIndexOf('/'))))]
  const isMac = process.platform === 'darwin'
  const rpaths = folders.map((folder) => `-Wl,-rpath,'${isMac ? '@loader_path' : '$$ORIGIN'}/../${folder}'`)
  return {
    targets: [
      {
        target_name: name,
        include_dirs: ['../tensorflow/include'],
        libraries: libraries.map((path) => `../../${path}`),
        ldflags: ['-Wl,--no-as-needed', ...rpaths],
        xcode_settings: { ...xcode, OTHER_LDFLAGS: rpaths },
        ...settings,
      },
    ],
  }
}
