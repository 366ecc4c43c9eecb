import { DynotuneError } from '../errors.ts'
import { ENGINE_NAMES, type Engine } from '../study/engine.ts'
import { createEngine } from './engine.ts'

export interface EngineDescription {
  readonly name: Engine['name']
  readonly status: 'found' | 'missing' | 'broken'
  /** What it computes on, in words; present when found. */
  readonly device?: string
  /** Of TensorFlow.js; present when found. */
  readonly version?: string
  /** What is wrong and what to do about it; present when not found. */
  readonly detail?: string
}

/** Tries every engine and says how it went. Loads them all: for a command that ends afterwards, not for a trainer. */
export async function describeEngines(): Promise<EngineDescription[]> {
  const descriptions: EngineDescription[] = []
  for (const name of ENGINE_NAMES) if (name !== 'auto') descriptions.push(await describe(name))
  return descriptions
}

async function describe(name: Engine['name']): Promise<EngineDescription> {
  try {
    const engine = await createEngine(name)
    const tf = await engine.load()
    await engine.synchronize()
    return { name, status: 'found', device: engine.device, version: tf.version_core }
  } catch (error) {
    const missing = error instanceof DynotuneError && error.code === 'engine.missing'
    return { name, status: missing ? 'missing' : 'broken', detail: detailOf(error) }
  }
}

function detailOf(error: unknown): string {
  if (!(error instanceof DynotuneError)) return error instanceof Error ? error.message : String(error)
  const because = error.cause instanceof Error ? ` ${error.cause.message.split('\n', 1)[0]?.trim()}` : ''
  return `${error.message}${because} Remedy: ${error.remedy ?? 'none known'}.`
}
