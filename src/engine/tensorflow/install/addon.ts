import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { compileTarget } from './compile-target.ts'
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
  toolchain: Toolchain,
  signal?: AbortSignal,
): Promise<void> {
  const cuda = findCuda(join(stage, 'nvidia')).map((path) => relative(stage, path))
  const target = {
    name: 'tfjs_binding',
    task: "compile tfjs-node's addon",
    libraries: [...libraries.map((name) => `tensorflow/${name}`), ...cuda],
    settings: {
      sources: ['../tfjs-node/binding/tfjs_backend.cc', '../tfjs-node/binding/tfjs_binding.cc'],
      defines: ['NAPI_VERSION=8'],
    },
  }
  await compileTarget(stage, target, toolchain, signal)
}

function findCuda(folder: string): string[] {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    return files.filter(({ name }) => CUDA.test(name)).map(({ parentPath, name }) => join(parentPath, name))
  } catch {
    return []
  }
}
