import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { DynotuneError } from '../../errors.ts'

/** Where Vulkan is looked for; tests put machines of their own in. */
export interface VulkanMachine {
  readonly platform: NodeJS.Platform
  readonly environment: NodeJS.ProcessEnv
  exists(path: string): boolean
  /** Loads a library for the rest of the process; false when it does not load. */
  load(library: string): boolean
}

const LOADER = 'libvulkan.so.1'
const MANIFEST = 'vk_swiftshader_icd.json'
/** Where browsers that are built on Chromium keep SwiftShader, a GPU in software, and a Vulkan loader of their own. */
const BROWSERS = [
  '/usr/lib/chromium',
  '/usr/lib64/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/snap/chromium/current/usr/lib/chromium-browser',
  '/opt/google/chrome',
]
/** Each of them says which drivers there are to be: then nothing is added to what the user wants. */
const DRIVERS = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES']

/**
 * Sees to it that Dawn finds Vulkan on Linux; elsewhere it needs nothing. Adds a browser's SwiftShader to the drivers that
 * are installed, unless the user has named the drivers to use, and takes the browser's loader where the system has none.
 * Before Dawn is asked for an adapter: it would complain on standard error about what it does not find.
 * @returns a function that has the loader use SwiftShader alone, and false where there is none to use or the user chose:
 * loaders before 1.3.207 know no drivers added
 * @throws DynotuneError `engine.missing` when there is no loader
 */
export function prepareVulkan({ platform, environment, exists, load }: VulkanMachine = thisMachine): () => boolean {
  if (platform !== 'linux') return () => false
  const browser = BROWSERS.find((folder) => exists(join(folder, MANIFEST)))
  if (!load(LOADER) && !(browser !== undefined && load(join(browser, LOADER)))) {
    throw new DynotuneError('engine.missing', 'The engine "webgpu" finds no Vulkan loader.', {
      path: 'engine',
      value: 'webgpu',
      remedy: `install ${LOADER} (Debian: \`apt install libvulkan1\`) and the Vulkan driver of the GPU, or use the engine "wasm"`,
    })
  }
  if (browser === undefined || DRIVERS.some((name) => environment[name])) return () => false
  const manifest = join(browser, MANIFEST)
  environment.VK_ADD_DRIVER_FILES = manifest
  return () => {
    environment.VK_ICD_FILENAMES = manifest
    return true
  }
}

const thisMachine: VulkanMachine = {
  platform: process.platform,
  environment: process.env,
  exists: existsSync,
  load(library) {
    // Of the two ways to fail, that of a library that loads but is no addon of Node's is the good one. RTLD_NODELETE keeps
    // it loaded, whereupon Dawn, which asks for the loader by its bare name, is given this one.
    const RTLD_NODELETE = 0x1000
    try {
      process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE)
      return true
    } catch (error) {
      return error instanceof Error && error.message.includes('did not self-register')
    }
  },
}
