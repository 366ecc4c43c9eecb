import { DynotuneError } from '../errors.ts'
import { ENGINE_NAMES, type Engine, type EngineName, type EngineOptions } from '../study/engine.ts'

/**
 * The engine of a name; `auto` is `tensorflow` where that loads and `wasm` elsewhere. Only `tensorflow` and `auto` load
 * anything heavy here; the others do so in `load`.
 * @throws DynotuneError `engine.unknown`, `engine.missing`, `engine.broken`, with the path `engine`
 */
export async function createEngine(name: EngineName, options: EngineOptions = {}): Promise<Engine> {
  switch (name) {
    case 'cpu':
      return (await import('./cpu/cpu.ts')).cpuEngine()
    case 'wasm':
      return (await import('./wasm/wasm.ts')).wasmEngine()
    case 'tensorflow':
      return (await import('./tensorflow/tensorflow.ts')).tensorflowEngine()
    case 'webgpu':
      return (await import('./webgpu/webgpu.ts')).webgpuEngine(options)
    case 'auto':
      return fastest()
    default:
      throw new DynotuneError('engine.unknown', 'There is no such engine.', {
        path: 'engine',
        value: name,
        remedy: `use one of ${ENGINE_NAMES.join(', ')}`,
      })
  }
}

async function fastest(): Promise<Engine> {
  try {
    return await createEngine('tensorflow')
  } catch (error) {
    if (error instanceof DynotuneError) return createEngine('wasm')
    throw error
  }
}
