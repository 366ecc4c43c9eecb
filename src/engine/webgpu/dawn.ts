import { DynotuneError } from '../../errors.ts'
import { findPackage } from '../packages.ts'
import type { Adapters } from './adapters.ts'

/** Dawn, Chromium's WebGPU, as the package `webgpu` has it. */
export type Dawn = typeof import('webgpu')

/**
 * Loads Dawn.
 * @throws DynotuneError `engine.missing`, `engine.broken`
 */
export async function loadDawn(): Promise<Dawn> {
  if (findPackage('webgpu') === undefined) {
    throw new DynotuneError('engine.missing', 'The engine "webgpu" is not installed.', {
      path: 'engine',
      value: 'webgpu',
      remedy: 'install it with `npm install webgpu`',
    })
  }
  try {
    return await import('webgpu')
  } catch (cause) {
    throw new DynotuneError('engine.broken', 'The engine "webgpu" is installed but does not load.', {
      path: 'engine',
      value: 'webgpu',
      remedy: `the package webgpu brings a build for Windows, macOS and Linux with glibc, on x64 and arm64, and this is ${process.platform} on ${process.arch}; elsewhere use the engine "wasm"`,
      cause,
    })
  }
}

/** No adapter's name contains this, whereupon Dawn names all there are: the one way it has to list them. */
const NONE = 'none of them: list all'

/**
 * What each adapter came from. Dawn for Node does not see to it by itself, and crashes when what an adapter came from has been
 * collected before the adapter is used.
 */
const origins = new WeakMap<GPUAdapter, GPU>()

/** The machine's adapters through Dawn. Each call looks at the machine, and its environment variables, anew. */
export function dawnAdapters({ create }: Dawn): Adapters<GPUAdapter> {
  return {
    async names() {
      try {
        await create([`adapter=${NONE}`]).requestAdapter()
        return []
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error)
        return [...text.matchAll(/^ \* backend: '.*', name: '(.*)'$/gm)].map(([, name = '']) => name)
      }
    },
    async first(name) {
      const gpu = create([`adapter=${name}`])
      const adapter = (await gpu.requestAdapter()) ?? undefined
      if (adapter) origins.set(adapter, gpu)
      return adapter
    },
  }
}
