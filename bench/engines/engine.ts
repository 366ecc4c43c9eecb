import { createRequire } from 'node:module'
import { createEngine } from '../../src/engine/engine.ts'
import { processor } from '../../src/engine/processor.ts'
import type { Engine, Tf } from '../../src/study/engine.ts'
import { loadStockWasm } from './stock-wasm.ts'

/** The engines of the project, and what wasm is measured against. */
export const ENGINES = ['tensorflow', 'webgpu', 'wasm', 'stock-wasm', 'cpu'] as const
export type BenchEngine = (typeof ENGINES)[number]

export interface OpenEngine extends Pick<Engine, 'device' | 'deviceKind' | 'synchronize'> {
  readonly tf: Tf
  /** Of the libraries below TensorFlow.js, by name. */
  readonly versions: Readonly<Record<string, string>>
}

/** Starts an engine. */
export async function openEngine(name: string): Promise<OpenEngine> {
  if (name === 'stock-wasm') {
    const tf = await loadStockWasm()
    const device = `${processor()}, WebAssembly as it ships, plain JavaScript where it has no kernel`
    return { tf, device, deviceKind: 'processor', synchronize: async () => {}, versions: {} }
  }
  const known = ENGINES.find((each) => each === name)
  if (known === undefined || known === 'stock-wasm') throw new RangeError(`There is no engine ${name}.`)
  const engine = await createEngine(known)
  const tf = await engine.load()
  const { device, deviceKind } = engine
  return { tf, device, deviceKind, synchronize: () => engine.synchronize(), versions: versionsOf(known, tf) }
}

function versionsOf(name: BenchEngine, tf: Tf): Record<string, string> {
  if (name === 'webgpu') return { webgpu: String(createRequire(import.meta.url)('webgpu/package.json').version) }
  if (name === 'tensorflow') {
    const binding: unknown = Reflect.get(tf.backend(), 'binding')
    if (typeof binding === 'object' && binding !== null)
      return { tensorflow: String(Reflect.get(binding, 'TF_Version')) }
  }
  return {}
}
