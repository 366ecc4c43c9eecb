import { availableParallelism, cpus, platform, release } from 'node:os'
import { preferred } from '../../engine/choose.ts'
import { usableMemory } from '../../engine/describe.ts'
import { findTarget, type Variant } from '../../engine/tensorflow/install/target.ts'
import { DynotuneError } from '../../errors.ts'
import { packageVersion } from '../../runner/environment.ts'
import { openSqlite } from '../../store/sqlite.ts'
import { ENGINE_NAMES, type Engine } from '../../study/engine.ts'
import { type Advice, advise } from './advice.ts'
import { findGpus, type GpuFinding } from './gpus.ts'
import { type EngineFinding, probeEngine } from './probe.ts'
import { findRedis, type RedisFinding } from './redis.ts'

/** The oldest Node that runs the program, as package.json and bin/dynotune.js have it. */
export const REQUIRED_NODE = '22.18'

/** All that `dynotune doctor` finds out, and what `--json` prints. Memory in bytes. */
export interface Examination {
  readonly dynotune: string
  readonly node: { readonly version: string; readonly required: string; readonly isEnough: boolean }
  readonly sqlite: string
  readonly redis: RedisFinding
  readonly system: string
  readonly cpu: string
  readonly cores: number
  /** Of the machine, or of the container where that has less. */
  readonly memory: { readonly total: number; readonly free: number }
  readonly gpu: GpuFinding
  /** In the order tensorflow, webgpu, wasm, cpu. */
  readonly engines: readonly EngineFinding[]
  /** The engine that `auto` takes here; absent when none works. */
  readonly auto?: Engine['name']
  readonly advice: Advice
}

/**
 * Looks at the machine by trying what a study would use, one engine after the other.
 * @param quick leaves out the measuring, which takes about three seconds an engine
 * @param onEngine called before each engine is tried
 */
export async function examine(quick = false, onEngine: (name: string) => void = () => {}): Promise<Examination> {
  const sqlite = openSqlite(':memory:')
  const version = String(sqlite.get('SELECT sqlite_version() AS version')?.version)
  sqlite.close()
  const [gpu, redis] = await Promise.all([findGpus(), findRedis()])
  const engines: EngineFinding[] = []
  for (const name of ENGINE_NAMES) {
    if (name === 'auto') continue
    onEngine(name)
    engines.push(withGpuMemory(await probeEngine(name, { quick }), gpu))
  }
  const auto = chosenByAuto(engines, gpu)
  return {
    dynotune: packageVersion(),
    node: {
      version: process.versions.node,
      required: REQUIRED_NODE,
      isEnough: isAtLeast(process.versions.node, REQUIRED_NODE),
    },
    sqlite: version,
    redis,
    system: `${platform()} ${release()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: { total: usableMemory(), free: Math.min(usableMemory(), process.availableMemory()) },
    gpu,
    engines,
    ...(auto && { auto }),
    advice: advise({ engines, gpu: gpu.signs, installs: installable() }),
  }
}

function installable(): Variant[] {
  try {
    const { cpu, gpu } = findTarget().distributions
    return [...(cpu === undefined ? [] : ['cpu' as const]), ...(gpu === undefined ? [] : ['gpu' as const])]
  } catch (error) {
    if (error instanceof DynotuneError) return []
    throw error
  }
}

/** The memory of the GPU that an engine computes on, as far as its name tells which that is. */
function withGpuMemory(finding: EngineFinding, { devices }: GpuFinding): EngineFinding {
  if (finding.deviceKind !== 'gpu') return finding
  const memory = devices.find(({ name }) => finding.device?.includes(name))?.memory
  return memory === undefined ? finding : { ...finding, memory }
}

function chosenByAuto(engines: readonly EngineFinding[], { signs }: GpuFinding): Engine['name'] | undefined {
  const candidates = engines.flatMap(({ name, deviceKind }) =>
    deviceKind === undefined || (name === 'webgpu' && signs === 'none') ? [] : [{ name, deviceKind }],
  )
  return preferred(candidates)?.name
}

/** Compares versions number by number. */
export function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0
}
