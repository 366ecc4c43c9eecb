import { totalmem } from 'node:os'
import { DynotuneError } from '../errors.ts'
import type { Engine } from '../study/engine.ts'
import { createEngines } from './engine.ts'
import { explain } from './explain.ts'

/** How it stands with one engine on this machine. */
export interface EngineDescription {
  readonly name: Engine['name']
  /** `missing`: not installed. `broken`: installed, but it does not work. */
  readonly status: 'found' | 'missing' | 'broken'
  /** What it computes on, in words; present when found. */
  readonly device?: string
  readonly deviceKind?: Engine['deviceKind']
  /** Of TensorFlow.js; present when found. */
  readonly version?: string
  /** Bytes that its tensors may take at most; absent for a GPU, whose driver knows. */
  readonly memory?: number
  /** What is wrong; present when not found. */
  readonly detail?: string
  /** What to do about that, where it is known. */
  readonly remedy?: string
}

/** 65,536 pages of 64 KiB, which the wasm back end's file declares and 32-bit addresses cannot pass. */
export const WASM_LIMIT = 2 ** 32

/** Loads an engine and says how it went; never throws. What a broken native library does to the process it cannot help. */
export async function describeEngine(name: Engine['name'], engines = createEngines()): Promise<EngineDescription> {
  try {
    const { engine } = await engines(name)
    const tf = await engine.load()
    await engine.synchronize()
    const { device, deviceKind } = engine
    const memory = memoryOf(engine)
    return { name, status: 'found', device, deviceKind, version: tf.version_core, ...(memory && { memory }) }
  } catch (error) {
    const missing = error instanceof DynotuneError && error.code === 'engine.missing'
    const { why, remedy } = explain(error)
    return { name, status: missing ? 'missing' : 'broken', detail: why, ...(remedy !== undefined && { remedy }) }
  }
}

function memoryOf({ name, deviceKind }: Engine): number | undefined {
  if (deviceKind === 'gpu') return undefined
  return name === 'wasm' ? Math.min(WASM_LIMIT, usableMemory()) : usableMemory()
}

/** Bytes of the machine, or of the container where that has fewer. */
export function usableMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}
