import { DynotuneError } from '../errors.ts'
import { ENGINE_NAMES, type Engine, type EngineName, type EngineOptions } from '../study/engine.ts'
import { type ChosenEngine, chooseEngine } from './choose.ts'
import { gpuSigns } from './gpu-signs.ts'

/** How each engine is made; tests put their own in. */
export type EngineFactories = {
  readonly [Name in Engine['name']]: (options: EngineOptions) => Engine | Promise<Engine>
}

const FACTORIES: EngineFactories = {
  tensorflow: async (options) => (await import('./tensorflow/tensorflow.ts')).tensorflowEngine(options),
  webgpu: async (options) => (await import('./webgpu/webgpu.ts')).webgpuEngine(options),
  wasm: async () => (await import('./wasm/wasm.ts')).wasmEngine(),
  cpu: async () => (await import('./cpu/cpu.ts')).cpuEngine(),
}

/**
 * Engines by name, each made when first asked for and then kept: a process has each back end once. `auto` is the fastest
 * that works here: tensorflow on a GPU, webgpu on a real adapter, tensorflow on the processor, wasm. Only tensorflow,
 * webgpu and auto load anything heavy here; the others do so in `load`.
 * @returns a function that throws DynotuneError `engine.unknown`, `engine.missing`, `engine.broken` or `engine.device`,
 * with the path `engine`
 */
export function createEngines(
  options: EngineOptions = {},
  { factories = FACTORIES, signs = gpuSigns }: { readonly factories?: EngineFactories; signs?(): string } = {},
): (name: EngineName) => Promise<ChosenEngine> {
  const made = new Map<EngineName, Promise<ChosenEngine>>()

  async function make(name: EngineName): Promise<ChosenEngine> {
    if (name === 'auto') return chooseEngine(async (other) => (await get(other)).engine, signs() !== 'none')
    if (!ENGINE_NAMES.includes(name)) throw unknownEngine(name)
    return { engine: await factories[name](options) }
  }

  function get(name: EngineName): Promise<ChosenEngine> {
    const known = made.get(name) ?? make(name)
    made.set(name, known)
    return known
  }
  return get
}

/** One engine by name, `auto` included, for code that needs no other. Throws as `createEngines` does. */
export async function createEngine(name: EngineName, options: EngineOptions = {}): Promise<Engine> {
  return (await createEngines(options)(name)).engine
}

function unknownEngine(name: unknown): DynotuneError {
  return new DynotuneError('engine.unknown', 'There is no such engine.', {
    path: 'engine',
    value: name,
    remedy: `use one of ${ENGINE_NAMES.join(', ')}`,
  })
}
