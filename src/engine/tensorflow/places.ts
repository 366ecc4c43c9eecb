import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { findPackage } from '../packages.ts'

/** A build of tfjs-node: JavaScript, and an addon that carries it to TensorFlow's C library. */
export interface Place {
  /** An npm package, or what `dynotune engine install tensorflow` built. */
  readonly kind: 'package' | 'installation'
  /** The package's name, or the installation's folder. */
  readonly name: string
  /** Folder of the JavaScript. */
  readonly scripts: string
  /** The addon's file, which need not be there. */
  readonly addon: string
  /** The file of the operation that runs programs; packages have none, and an installation need not. */
  readonly programs?: string
}

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/** Where an installation lies in a project. */
export const INSTALLATION = join('.dynotune', 'engines', 'tensorflow')

/** The builds of tfjs-node that there are, best first: the project's own installation, then packages. */
export function findPlaces(directory = process.cwd(), find = findPackage): Place[] {
  const installation = findInstallation(directory)
  const packages = PACKAGES.flatMap((name) => {
    const main = find(name)
    return main === undefined ? [] : [packagePlace(name, main)]
  })
  return installation === undefined ? packages : [installationPlace(installation), ...packages]
}

/** The folder of the installation that serves a directory: its own or that of the nearest folder above it. */
export function findInstallation(directory: string): string | undefined {
  for (let at = resolve(directory); ; at = dirname(at)) {
    const folder = join(at, INSTALLATION)
    if (existsSync(join(folder, 'installed.json'))) return folder
    if (at === dirname(at)) return undefined
  }
}

/** The parts of an installation in a folder. */
export function installationPlace(folder: string): Place {
  return {
    kind: 'installation',
    name: folder,
    scripts: join(folder, 'tfjs-node', 'dist'),
    addon: join(folder, 'addon', 'tfjs_binding.node'),
    programs: programsFile(folder),
  }
}

/** Where an installation has the operation that runs programs, if it could be compiled. */
export function programsFile(folder: string): string {
  return join(folder, 'addon', 'dynotune_programs.node')
}

function packagePlace(name: string, main: string): Place {
  const scripts = dirname(main)
  const builds = join(dirname(scripts), 'lib')
  // One folder for each version of Node-API that the addon was built for.
  const [build = 'napi-v8'] = existsSync(builds) ? readdirSync(builds).filter((name) => /^napi-v\d+$/.test(name)) : []
  return { kind: 'package', name, scripts, addon: join(builds, build, 'tfjs_binding.node') }
}
