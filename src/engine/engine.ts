import { DynotuneError } from '../errors.ts'
import { ENGINE_NAMES, type Engine, type EngineName } from '../study/engine.ts'

/**
 * The engine of a name; `auto` is `tensorflow` where that loads and `wasm` elsewhere. Only `tensorflow` and `auto` load
 * anything heavy here; the others do so in `load`.
 * @throws DynotuneError `engine.unknown`, `engine.missing`, `engine.broken`, with the path `engine`
 */
export async function createEngine(name: EngineName): Promise<Engine> {
  switch (name) {
    case 'cpu':
      return (await import('./cpu.ts')).cpuEngine()
    case 'wasm':
      return (await import('./wasm.ts')).wasmEngine()
    case 'tensorflow':
      return (await import('./tensorflow.ts')).tensorflowEngine()
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
