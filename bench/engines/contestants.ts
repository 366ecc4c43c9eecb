import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { ask } from './ask.ts'
import { type BenchEngine, ENGINES } from './engine.ts'
import type { ModelName } from './models/models.ts'
import { described, type Missing, measured, type Row } from './result.ts'

/** PyTorch on the processor, on a GPU as it comes, and on a GPU compiled. */
export const PEERS = ['torch', 'torch-cuda', 'torch-cuda-compile'] as const
export const CONTESTANTS = [...ENGINES, ...PEERS]
export type ContestantName = BenchEngine | (typeof PEERS)[number]

/** Who trains the models: an engine or PyTorch, each row in a process of its own. */
export interface Contestant {
  readonly name: ContestantName
  readonly device: string
  readonly onGpu: boolean
  readonly versions: Readonly<Record<string, string>>
  /** @throws Error that says why there is no row */
  measure(model: ModelName, batch: number): Row
}

export interface ContestantOptions {
  readonly python: string
  /** To measure a row for, and after which it is given up. */
  readonly seconds: number
  readonly limit: number
  readonly profile: boolean
  /** Whether a GPU that the processor imitates may run. */
  readonly software: boolean
}

const ROW = fileURLToPath(new URL('./row.ts', import.meta.url))
const TORCH = fileURLToPath(new URL('../peers/torch_steps.py', import.meta.url))
/** Long enough for a library to load from a cold disk. */
const START = 120

/** Finds out who of these can take part here, and why the others cannot. */
export function gather(names: readonly ContestantName[], options: ContestantOptions) {
  const present: Contestant[] = []
  const missing: Missing[] = []
  for (const name of names) {
    try {
      present.push(isPeer(name) ? torch(name, options) : engine(name, options))
    } catch (error) {
      missing.push({ engine: name, why: error instanceof Error ? error.message : String(error) })
    }
  }
  return { present, missing }
}

function engine(name: BenchEngine, { seconds, limit, profile, software }: ContestantOptions): Contestant {
  const { device, deviceKind, versions } = ask(described, process.execPath, [ROW, name], START)
  if (deviceKind === 'software' && !software) {
    throw new Error(`no GPU here; ${device} is the processor and far too slow for these sizes (--software to run it)`)
  }
  return {
    name,
    device,
    onGpu: deviceKind !== 'processor',
    versions,
    measure(model, batch) {
      const args = [ROW, name, model, String(batch), String(seconds), ...(profile ? ['profile'] : [])]
      return { engine: name, ...ask(measured, process.execPath, args, limit) }
    },
  }
}

const torchHere = z.object({ version: z.string(), threads: z.number(), cuda: z.string().nullable() })

function torch(name: (typeof PEERS)[number], { python, seconds, limit }: ContestantOptions): Contestant {
  const { version, threads, cuda } = ask(torchHere, python, [TORCH], START)
  const onGpu = name !== 'torch'
  if (onGpu && cuda === null) throw new Error('PyTorch finds no CUDA device here')
  const mode = name === 'torch-cuda-compile' ? 'compile' : 'eager'
  return {
    name,
    device: onGpu && cuda !== null ? cuda : `${threads} threads`,
    onGpu,
    versions: { torch: version },
    measure(model, batch) {
      const args = [TORCH, onGpu ? 'cuda' : 'cpu', mode, model, String(batch), String(seconds)]
      return { engine: name, ...ask(measured, python, args, limit) }
    },
  }
}

function isPeer(name: ContestantName): name is (typeof PEERS)[number] {
  return PEERS.some((each) => each === name)
}
