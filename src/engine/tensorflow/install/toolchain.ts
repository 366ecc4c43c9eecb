import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { lackingTools, type Tool } from './lacking-tools.ts'

/** The programs that an installation needs. */
export interface Toolchain {
  readonly python: string
  readonly npm: string
  readonly tar: string
  /** Command and arguments that start node-gyp. */
  readonly nodeGyp: readonly [string, ...string[]]
  /** A folder whose `include/node` holds headers of Node; without it node-gyp downloads them. */
  readonly headers?: string
}

/** What is looked at; tests put their own in. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** The Node that runs. */
  readonly node: string
  /** The text of /etc/os-release; empty where there is none. */
  readonly release: string
}

/** The names that the programs go by, and the variable that may name another. */
const NAMES: { readonly [T in Tool]: { readonly names: readonly string[]; readonly variable?: string } } = {
  python: { names: ['python3', 'python'], variable: 'PYTHON' },
  make: { names: ['make', 'gmake'], variable: 'MAKE' },
  compiler: { names: ['g++', 'c++', 'clang++'], variable: 'CXX' },
  tar: { names: ['tar'] },
  npm: { names: ['npm'] },
}

/**
 * Finds the programs that an installation needs.
 * @throws DynotuneError `engine.install` that names all that are missing, with the command that installs them here
 */
export function findToolchain(surroundings: Surroundings = thisMachine()): Toolchain {
  const { env } = surroundings
  const find = (tool: Tool) => {
    const { names, variable } = NAMES[tool]
    // A variable may hold arguments too: `ccache g++`.
    const own = variable === undefined ? undefined : env[variable]?.split(' ')[0]
    return (own ? [own, ...names] : names).map((name) => which(name, env)).find((path) => path !== undefined)
  }
  const [python, make, compiler, tar, npm] = [find('python'), find('make'), find('compiler'), find('tar'), find('npm')]
  if (!python || !make || !compiler || !tar || !npm) {
    throw lackingTools({ python, make, compiler, tar, npm }, surroundings)
  }
  const headers = findHeaders(surroundings)
  return { python, npm, tar, nodeGyp: findNodeGyp(npm, surroundings.node), ...(headers !== undefined && { headers }) }
}

function thisMachine(): Surroundings {
  const path = '/etc/os-release'
  return {
    env: process.env,
    platform: process.platform,
    node: process.execPath,
    release: existsSync(path) ? readFileSync(path, 'utf8') : '',
  }
}

function which(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = name.includes('/') ? [''] : (env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The copy that npm has for itself; where npm hides behind a version manager, npm fetches one. */
function findNodeGyp(npm: string, node: string): [string, ...string[]] {
  try {
    const manifest = createRequire(realpathSync(npm)).resolve('node-gyp/package.json')
    return [node, join(dirname(manifest), 'bin', 'node-gyp.js')]
  } catch {
    return [npm, 'exec', '--yes', '--package=node-gyp', '--', 'node-gyp']
  }
}

/** Any Node's headers will do: the addon uses Node-API, which is the same in all of them. */
function findHeaders({ env, node }: Surroundings): string | undefined {
  const prefixes = [node, which('node', env)].map((path) => path && dirname(dirname(realpathSync(path))))
  return [env.npm_config_nodedir, ...prefixes].find(
    (prefix) => prefix && existsSync(join(prefix, 'include', 'node', 'common.gypi')),
  )
}
