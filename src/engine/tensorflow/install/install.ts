import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DynotuneError } from '../../../errors.ts'
import { gpuSigns } from '../../gpu-signs.ts'
import { type Manifest, readManifest, writeManifest } from '../manifest.ts'
import { INSTALLATION, programsFile } from '../places.ts'
import { buildAddon } from './addon.ts'
import { diskError } from './disk-error.ts'
import { obtainWheels, requirePip } from './obtain-wheels.ts'
import { buildPrograms } from './programs.ts'
import { obtainScripts, TFJS_NODE } from './scripts.ts'
import { openStage } from './stage.ts'
import { findTarget, type Target, type Variant } from './target.ts'
import { findToolchain, type Toolchain } from './toolchain.ts'
import { type TrialReport, tryInstallation } from './try-installation.ts'
import { unpack } from './unpack.ts'

export interface InstallOptions {
  /** The project's folder. */
  readonly directory: string
  /** Default: what the wheel is for; without one, `gpu` where there is an NVIDIA driver and TensorFlow has a build for it. */
  readonly variant?: Variant | undefined
  /** Wheels on this machine, instead of a download: TensorFlow's, and those of the libraries of CUDA. */
  readonly wheels?: readonly string[]
  readonly signal?: AbortSignal
  /** Hears what is being done, in lines. */
  say(line: string): void
}

/** What needs programs, a network or a GPU; tests put their own in. */
export interface Steps {
  findTarget(): Target
  findToolchain(): Toolchain
  gpuSigns: typeof gpuSigns
  requirePip: typeof requirePip
  obtainScripts: typeof obtainScripts
  obtainWheels: typeof obtainWheels
  buildAddon: typeof buildAddon
  buildPrograms: typeof buildPrograms
  tryInstallation: typeof tryInstallation
}

const STEPS: Steps = {
  findTarget,
  findToolchain,
  gpuSigns,
  requirePip,
  obtainScripts,
  obtainWheels,
  buildAddon,
  buildPrograms,
  tryInstallation,
}

export interface Installed extends Manifest {
  readonly folder: string
  /** The version that was there before, in words. */
  readonly replaced?: string
}

/**
 * Builds tfjs-node's addon against the TensorFlow in a PyPI wheel and installs both in a project's folder. Everything is
 * put together and tried beside the final place first: an installation that is there stays until the new one works, and
 * one that fails or is aborted leaves nothing.
 * @throws DynotuneError `engine.install`, `option.invalid`; or the reason of `signal`
 */
export async function installTensorflow(options: InstallOptions, steps: Steps = STEPS): Promise<Installed> {
  const { directory, wheels = [], signal, say } = options
  const target = steps.findTarget()
  const toolchain = steps.findToolchain()
  const files = wheels.map((file) => existing(resolve(directory, file)))
  if (files.length === 0) await steps.requirePip(toolchain, signal)
  const final = join(directory, INSTALLATION)
  const replaced = existsSync(final) ? (readManifest(final)?.tensorflow ?? 'a damaged one') : undefined
  const stage = open(final)
  try {
    const manifest = await assemble(stage.folder, files, { target, toolchain }, options, steps)
    signal?.throwIfAborted()
    stage.commit()
    return { ...manifest, folder: final, ...(replaced !== undefined && { replaced }) }
  } catch (error) {
    stage.discard()
    say('what had been done is undone')
    throw signal?.aborted ? signal.reason : diskError(error, final)
  }
}

/** Puts an installation together in a folder, and tries it. */
async function assemble(
  folder: string,
  files: readonly string[],
  { target, toolchain }: { readonly target: Target; readonly toolchain: Toolchain },
  { variant: asked, signal, say }: InstallOptions,
  steps: Steps,
): Promise<Manifest> {
  const downloads = join(folder, 'downloads')
  mkdirSync(downloads)
  say(`getting tfjs-node ${TFJS_NODE} from npm`)
  await steps.obtainScripts(folder, downloads, toolchain, signal)
  const { variant, tensorflow, cuda } = await steps.obtainWheels({
    files,
    variant: asked,
    fallback: steps.gpuSigns() === 'nvidia' && target.distributions.gpu !== undefined ? 'gpu' : 'cpu',
    target,
    folder: downloads,
    python: toolchain.python,
    signal,
    say,
  })
  const digests = await unpack([tensorflow, ...cuda], folder, target, say, signal)
  say('compiling the addon')
  await steps.buildAddon(folder, target, toolchain, signal)
  const { version, device, gpu } = await finish(folder, variant, { target, toolchain }, { signal, say }, steps)
  for (const part of ['downloads', join('tensorflow', 'include')]) {
    rmSync(join(folder, part), { recursive: true, force: true })
  }
  if (variant === 'gpu' && !gpu) say('no GPU was found here, so it has been tried on the processor only')
  const manifest: Manifest = {
    tensorflow: version,
    variant,
    device,
    wheels: digests,
    tfjsNode: TFJS_NODE,
    installedAt: new Date().toISOString(),
    bytes: await size(folder),
  }
  writeManifest(folder, manifest)
  return manifest
}

/** Adds the operation that runs programs, and tries the whole; where one or the other fails, without that operation. */
async function finish(
  folder: string,
  variant: Variant,
  { target, toolchain }: { readonly target: Target; readonly toolchain: Toolchain },
  { signal, say }: { readonly signal: AbortSignal | undefined; say(line: string): void },
  { buildPrograms, tryInstallation }: Steps,
): Promise<TrialReport> {
  const attempt = () => {
    say('trying it: multiplying two matrices, training a step')
    return tryInstallation(folder, variant, signal)
  }
  say('compiling the operation that takes the steps of optimizers in one pass')
  try {
    await buildPrograms(folder, target, toolchain, signal)
    return await attempt()
  } catch (error) {
    signal?.throwIfAborted()
    say(`without that operation, so that optimizers are slower: ${error instanceof Error ? error.message : error}`)
    rmSync(programsFile(folder), { force: true })
    return await attempt()
  }
}

function existing(file: string): string {
  if (existsSync(file)) return file
  throw new DynotuneError('option.invalid', 'There is no such file.', { path: '--wheel', value: file })
}

function open(final: string) {
  try {
    return openStage(final)
  } catch (error) {
    throw diskError(error, final)
  }
}

/** The bytes of all files in a folder. */
async function size(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
