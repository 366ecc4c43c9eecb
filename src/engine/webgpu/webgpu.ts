import { DynotuneError } from '../../errors.ts'
import type { Engine, EngineOptions } from '../../study/engine.ts'

/** WebGPU through Dawn. */
export async function webgpuEngine(_options: EngineOptions = {}): Promise<Engine> {
  throw new DynotuneError('engine.missing', 'The engine "webgpu" is not installed.', {
    path: 'engine',
    value: 'webgpu',
    remedy: 'use the engine "wasm"',
  })
}
