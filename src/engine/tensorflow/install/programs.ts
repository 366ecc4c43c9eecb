import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileTarget } from './compile-target.ts'
import type { Target } from './target.ts'
import type { Toolchain } from './toolchain.ts'

const SOURCE = fileURLToPath(new URL('../programs/programs.cc', import.meta.url))

/** Without contracted products and sums, results do not depend on the machine; with errno or traps, loops are no vectors. */
const ARITHMETIC = ['-O3', '-ffp-contract=off', '-fno-math-errno', '-fno-trapping-math']

/**
 * Compiles the operation that runs programs (programs.cc) in a staged installation, as an addon beside that of tfjs-node:
 * `addon/dynotune_programs.node`.
 * @throws DynotuneError `engine.install` with what the compiler says
 */
export async function buildPrograms(
  stage: string,
  { libraries }: Target,
  toolchain: Toolchain,
  signal?: AbortSignal,
): Promise<void> {
  const sources = join(stage, 'programs')
  mkdirSync(sources)
  copyFileSync(SOURCE, join(sources, 'programs.cc'))
  const target = {
    name: 'dynotune_programs',
    task: 'compile the operation that runs programs',
    libraries: libraries.map((name) => `tensorflow/${name}`),
    settings: {
      sources: ['../programs/programs.cc'],
      // As TensorFlow itself is compiled: its headers depend on them.
      defines: ['NAPI_VERSION=8', 'NDEBUG', 'EIGEN_MAX_ALIGN_BYTES=64'],
      'cflags!': ['-O2'],
      'cflags_cc!': ['-fno-rtti', '-fno-exceptions', '-std=gnu++17', '-std=gnu++20'],
      cflags_cc: ['-std=c++17', '-w', ...ARITHMETIC],
    },
    xcode: {
      GCC_ENABLE_CPP_RTTI: 'YES',
      GCC_ENABLE_CPP_EXCEPTIONS: 'YES',
      CLANG_CXX_LANGUAGE_STANDARD: 'c++17',
      OTHER_CPLUSPLUSFLAGS: ['-w', ...ARITHMETIC],
    },
  }
  try {
    await compileTarget(stage, target, toolchain, signal)
  } finally {
    rmSync(sources, { recursive: true, force: true })
  }
}
