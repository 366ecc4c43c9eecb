import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runTool } from './run-tool.ts'
import type { Target } from './target.ts'
import type { Toolchain } from './toolchain.ts'

/** CUDA's libraries that TensorFlow opens by name. */
const CUDA = /^lib(cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|nvJitLink|cudnn|cupti|nccl)\.so\.\d+$/

/**
 * Compiles tfjs-node's addon, unchanged, in a staged installation: against TensorFlow's headers and libraries in
 * `tensorflow/`, into `addon/tfjs_binding.node`, which finds those libraries from where it lies.
 *
 * It is linked with the libraries of CUDA too, although it does not call them: TensorFlow opens them by name, and finds
 * what is already in the process. So they are found without a variable that would have to be set before Node starts.
 * @throws DynotuneError `engine.install` with what the compiler says
 */
export async function buildAddon(
  stage: string,
  { libraries }: Target,
  { nodeGyp: [command, ...args], headers, python }: Toolchain,
  signal?: AbortSignal,
): Promise<void> {
  const build = join(stage, 'build')
  mkdirSync(build)
  const cuda = findCuda(join(stage, 'nvidia')).map((path) => relative(stage, path))
  const linked = [...libraries.map((name) => `tensorflow/${name}`), ...cuda]
  writeFileSync(join(build, 'binding.gyp'), JSON.stringify(configuration(linked), null, 2))
  const nodedir = headers === undefined ? [] : [`--nodedir=${headers}`]
  await runTool(command, [...args, 'rebuild', '--jobs=max', '--python', python, ...nodedir], {
    task: "compile tfjs-node's addon",
    remedy: 'see what the compiler says',
    cwd: build,
    signal,
  })
  mkdirSync(join(stage, 'addon'))
  renameSync(join(build, 'build', 'Release', 'tfjs_binding.node'), join(stage, 'addon', 'tfjs_binding.node'))
}

/** In the format of gyp, for which JSON will do. Paths are relative: gyp's makefiles know no spaces. */
function configuration(linked: readonly string[]): object {
  const folders = [...new Set(linked.map((path) => path.slice(0, path.lastIndexOf('/'))))]
  const isMac = process.platform === 'darwin'
  const rpaths = folders.map((folder) => `-Wl,-rpath,'${isMac ? '@loader_path' : '$$ORIGIN'}/../${folder}'`)
  return {
    targets: [
      {
        target_name: 'tfjs_binding',
        sources: ['../tfjs-node/binding/tfjs_backend.cc', '../tfjs-node/binding/tfjs_binding.cc'],
        defines: ['NAPI_VERSION=8'],
        include_dirs: ['../tensorflow/include'],
        libraries: linked.map((path) => `../../${path}`),
        ldflags: ['-Wl,--no-as-needed', ...rpaths],
        xcode_settings: { OTHER_LDFLAGS: rpaths },
      },
    ],
  }
}

function findCuda(folder: string): string[] {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    return files.filter(({ name }) => CUDA.test(name)).map(({ parentPath, name }) => join(parentPath, name))
  } catch {
    return []
  }
}
