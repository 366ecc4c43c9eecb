import { DynotuneError } from '../../../errors.ts'
import type { Wheel } from './wheel.ts'

export type Variant = 'cpu' | 'gpu'

/** What TensorFlow is called on PyPI and in its wheels on one platform. */
export interface Target {
  /** What the platform is called in the tags of wheels. */
  readonly tag: RegExp
  /** The distributions on PyPI; a variant that is missing does not exist there. */
  readonly distributions: { readonly [V in Variant]?: string }
  /** The libraries' file names. */
  readonly libraries: readonly [string, string]
}

const LINUX = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const

const TARGETS: { readonly [platform: string]: Target } = {
  'linux-x64': {
    tag: /linux.*_x86_64$/,
    distributions: { cpu: 'tensorflow-cpu', gpu: 'tensorflow' },
    libraries: LINUX,
  },
  'linux-arm64': { tag: /linux.*_aarch64$/, distributions: { cpu: 'tensorflow' }, libraries: LINUX },
  'darwin-arm64': {
    tag: /macosx_.*_arm64$/,
    distributions: { cpu: 'tensorflow' },
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  },
}

/**
 * What to install on a platform, `linux-x64`.
 * @throws DynotuneError `engine.install` where PyPI has no TensorFlow that an addon can be built against
 */
export function findTarget(platform: string = thisPlatform()): Target {
  const target = TARGETS[platform]
  if (target) return target
  throw new DynotuneError('engine.install', 'There is no TensorFlow on PyPI that can be installed on this platform.', {
    path: 'tensorflow',
    value: platform,
    remedy: 'use the engine "webgpu" or "wasm"',
  })
}

/** The system's name and processor, and its C library where that is not the usual one. */
function thisPlatform(): string {
  const name = `${process.platform}-${process.arch}`
  if (process.platform !== 'linux') return name
  Reflect.set(process.report, 'excludeNetwork', true)
  const { header } = { header: {}, ...process.report.getReport() }
  // Wheels are built for glibc; Alpine has musl.
  return 'glibcVersionRuntime' in header ? name : `${name}-musl`
}

/**
 * Whether a wheel is a TensorFlow for this platform, and which.
 * @throws DynotuneError `engine.install` when it is one for another platform or too old
 */
export function variantOf({ name, version, tags, path }: Wheel, { tag, distributions }: Target): Variant | undefined {
  if (name !== 'tensorflow' && name !== 'tensorflow-cpu') return undefined
  const details = { path: '--wheel', value: path }
  if (!tags.some((one) => tag.test(one))) {
    throw new DynotuneError('engine.install', `This wheel is for another platform: ${tags.join(', ')}.`, {
      ...details,
      remedy: 'leave --wheel out, and the right one is downloaded',
    })
  }
  if (!/^2\.(1[6-9]|[2-9]\d)\./.test(version)) {
    throw new DynotuneError('engine.install', `The addon has not been tried with TensorFlow ${version}.`, {
      ...details,
      remedy: 'use a wheel of version 2.16 or newer; 2.21 is the one that is tried',
    })
  }
  return name === distributions.gpu ? 'gpu' : 'cpu'
}
