import { availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os'
import { describeEngines, type EngineDescription } from '../engine/describe.ts'
import { packageVersion } from '../runner/environment.ts'
import { openSqlite } from '../store/sqlite.ts'
import { formatTable } from './format.ts'

export interface Examination {
  readonly dynotune: string
  readonly node: string
  readonly sqlite: string
  readonly system: string
  readonly cpu: string
  readonly cores: number
  /** Bytes. */
  readonly memory: { readonly total: number; readonly free: number }
  readonly engines: readonly EngineDescription[]
}

/** Looks at the machine by trying what a study would use. */
export async function examine(): Promise<Examination> {
  const sqlite = openSqlite(':memory:')
  const version = String(sqlite.get('SELECT sqlite_version() AS version')?.version)
  sqlite.close()
  return {
    dynotune: packageVersion(),
    node: process.versions.node,
    sqlite: version,
    system: `${platform()} ${release()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: { total: totalmem(), free: freemem() },
    engines: await describeEngines(),
  }
}

export function examinationText({ dynotune, node, sqlite, system, cpu, cores, memory, engines }: Examination): string {
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`
  return [
    `dynotune ${dynotune} on Node ${node}, SQLite ${sqlite}`,
    `${system}, ${cores} cores of ${cpu}, ${gibibytes(memory.free)} of ${gibibytes(memory.total)} memory free`,
    '',
    formatTable(
      ['engine', 'status', 'version', 'device'],
      engines.map(({ name, status, version = '', device = '' }) => [name, status, version, device]),
    ),
    ...engines.flatMap(({ name, detail }) => (detail ? ['', `${name}: ${detail}`] : [])),
  ].join('\n')
}
