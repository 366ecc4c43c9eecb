import { DynotuneError } from '../../../errors.ts'

export type Tool = 'python' | 'make' | 'compiler' | 'tar' | 'npm'

const WORDS: { readonly [T in Tool]: string } = {
  python: 'Python 3',
  make: 'make',
  compiler: 'a C++ compiler',
  tar: 'tar',
  npm: 'npm',
}

/** How a family of Linux installs packages, and what it calls those that are not named after the tool. */
const FAMILIES = [
  { ids: /debian|ubuntu/, install: 'sudo apt-get install', python: 'python3 python3-pip', compiler: 'g++' },
  { ids: /fedora|rhel|centos/, install: 'sudo dnf install', python: 'python3 python3-pip', compiler: 'gcc-c++' },
  { ids: /suse/, install: 'sudo zypper install', python: 'python3 python3-pip', compiler: 'gcc-c++' },
  { ids: /arch/, install: 'sudo pacman -S', python: 'python python-pip', compiler: 'gcc' },
]

/**
 * The error that names the tools that are missing, with the command that installs them.
 * @param found the tools by their paths; undefined for one that is missing
 * @param release the text of /etc/os-release
 */
export function lackingTools(
  found: { readonly [T in Tool]: string | undefined },
  { platform, release }: { readonly platform: NodeJS.Platform; readonly release: string },
): DynotuneError {
  const all = ['python', 'make', 'compiler', 'tar', 'npm'] as const
  const missing = all.filter((tool) => !found[tool])
  const words = missing.map((tool) => WORDS[tool]).join(', ')
  return new DynotuneError('engine.install', `Building the addon needs what is not here: ${words}.`, {
    path: 'tensorflow',
    value: missing,
    remedy: platform === 'darwin' ? '`xcode-select --install`' : linuxRemedy(missing, words, release),
  })
}

function linuxRemedy(missing: readonly Tool[], words: string, release: string): string {
  const ids = [...release.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].map(([, id]) => id).join(' ')
  const family = FAMILIES.find((known) => known.ids.test(ids))
  if (!family) return `install ${words} with this system's package manager`
  const { install, python, compiler } = family
  const packages = { python, compiler, make: 'make', tar: 'tar', npm: 'npm' }
  return `\`${install} ${missing.map((tool) => packages[tool]).join(' ')}\``
}
