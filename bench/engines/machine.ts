import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import { processor } from '../../src/engine/processor.ts'

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryBytes: number
  /** NVIDIA's GPUs, with driver and memory. */
  readonly gpus: readonly string[]
  readonly system: string
  readonly node: string
}

/** This machine. */
export function describeMachine(): Machine {
  return {
    processor: processor(),
    cores: cpus().length,
    memoryBytes: totalmem(),
    gpus: nvidia(),
    system: `${type()} ${release()} ${process.arch}`,
    node: process.versions.node,
  }
}

/** A name for files: the GPU's, or how many cores there are. */
export function kindOf({ gpus, cores }: Pick<Machine, 'gpus' | 'cores'>): string {
  const name = gpus[0]?.split(',', 1)[0] ?? `${cores} cores`
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}

function nvidia(): string[] {
  try {
    const args = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader']
    return execFileSync('nvidia-smi', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n')
  } catch {
    return []
  }
}
