import { basename } from 'node:path'
import type { Manifest } from '../manifest.ts'
import type { Target } from './target.ts'
import { sha256, unpackWheel, type Wheel } from './wheel.ts'

/** Headers that the addon and our operation include, and those that they include; those of Eigen have no ending. */
const HEADERS =
  /^tensorflow\/include\/(tensorflow\/(c|core)|tsl|xla\/tsl|absl|(unsupported\/)?Eigen|google\/protobuf|ml_dtypes)\//

/** The libraries of CUDA, and the programs and data beside them. */
const CUDA = /^nvidia\/(?!.*\/include\/)/

/**
 * Unpacks what the addon needs, to be built and to run.
 * @returns the digests of the wheels themselves
 * @throws DynotuneError `engine.install`
 */
export async function unpack(
  wheels: readonly Wheel[],
  folder: string,
  { libraries }: Target,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<Manifest['wheels']> {
  const needed = new Set(libraries.map((name) => `tensorflow/${name}`))
  const digests: Manifest['wheels'] = []
  for (const wheel of wheels) {
    const file = basename(wheel.path)
    const digest = await sha256(wheel.path)
    say(`unpacking ${file}, SHA-256 ${digest}`)
    await unpackWheel(wheel, folder, (path) => needed.has(path) || HEADERS.test(path) || CUDA.test(path), signal)
    digests.push({ file, sha256: digest })
  }
  return digests
}
