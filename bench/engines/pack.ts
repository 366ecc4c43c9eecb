import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { copyPackage, packagesOf } from './pack-packages.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const RUN = join(import.meta.dirname, 'run.sh')
/** Where a Vulkan loader may be: one goes along for machines that have a driver but no loader. */
const LOADERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/lib/chromium'].map((folder) =>
  join(folder, 'libvulkan.so.1'),
)

/**
 * Puts into one archive all that the benchmark needs on a bare linux-x64 machine that reaches no registry: Node's binary,
 * the sources, the packages they load, WebGPU for that platform, and `run.sh` to start it.
 * @returns what was written, in words
 */
export function pack(file: string): string {
  if (`${process.platform}-${process.arch}` !== 'linux-x64')
    throw new Error('The benchmark is packed on linux-x64, for linux-x64.')
  const folder = mkdtempSync(join(tmpdir(), 'dynotune-pack-'))
  const home = join(folder, 'dynotune-bench')
  try {
    for (const path of ['package.json', 'LICENSE', 'src', 'bench']) {
      cpSync(join(ROOT, path), join(home, path), {
        recursive: true,
        filter: (source) => !source.endsWith('bench/results'),
      })
    }
    const packages = packagesOf(ROOT, ['bench/engines.ts', 'bench/engines/row.ts'])
    for (const name of packages) copyPackage(join(ROOT, 'node_modules', name), join(home, 'node_modules', name))
    copyStripped(process.execPath, join(home, 'node'))
    const loader = LOADERS.find((path) => existsSync(path))
    if (loader) {
      mkdirSync(join(home, 'vulkan'))
      copyFileSync(loader, join(home, 'vulkan/libvulkan.so.1'))
    }
    copyFileSync(RUN, join(home, 'run.sh'))
    chmodSync(join(home, 'run.sh'), 0o755)
    mkdirSync(dirname(resolve(file)), { recursive: true })
    // Higher than tar's own choice: the archive may have to fit somewhere.
    const compress = file.endsWith('.gz') ? '--use-compress-program=gzip -9' : '--auto-compress'
    const tar = ['--create', '--file', resolve(file), '--directory', folder, '--owner=0', '--group=0', compress]
    execFileSync('tar', [...tar, 'dynotune-bench'])
    const megabytes = (statSync(file).size / 1e6).toFixed(1)
    return `${file}: ${megabytes} MB, with ${packages.join(', ')}${loader ? ' and a Vulkan loader' : ''}; run dynotune-bench/run.sh`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A program without its debugging symbols, where the tool to remove them is installed. */
function copyStripped(from: string, to: string): void {
  copyFileSync(from, to)
  chmodSync(to, 0o755)
  try {
    execFileSync('strip', [to], { stdio: 'ignore' })
  } catch {
    copyFileSync(from, to)
  }
}
