import { DynotuneError } from '../errors.ts'
import type { Engine } from '../study/engine.ts'
import { explain } from './explain.ts'

/** An engine, and what there is to say about the choice of it. */
export interface ChosenEngine {
  readonly engine: Engine
  /** What `auto` passed over, why, and what to do about it; absent where nothing that is installed is broken. */
  readonly note?: string
}

/** What `auto` prefers, best first. A GPU that the processor imitates is slower than the processor. */
const ORDER = [
  { name: 'tensorflow', kind: 'gpu' },
  { name: 'webgpu', kind: 'gpu' },
  { name: 'tensorflow', kind: 'processor' },
  { name: 'wasm', kind: 'processor' },
] as const

/** The one of these that `auto` would choose. */
export function preferred<E extends Pick<Engine, 'name' | 'deviceKind'>>(engines: readonly E[]): E | undefined {
  for (const { name, kind } of ORDER) {
    const found = engines.find((engine) => engine.name === name && engine.deviceKind === kind)
    if (found) return found
  }
  return undefined
}

/**
 * The fastest engine that works here. `webgpu` is looked at only where there are signs of a GPU, and `wasm` is not loaded
 * yet: on a machine that has nothing else, choosing costs no more than naming.
 * @param make an engine by name; called once for each
 * @throws whatever making `wasm` throws: all others are passed over, with a note where one is installed but does not work
 */
export async function chooseEngine(
  make: (name: Engine['name']) => Promise<Engine>,
  signsOfGpu: boolean,
): Promise<ChosenEngine> {
  const working: Engine[] = []
  const passedOver: string[] = []
  for (const name of signsOfGpu ? (['tensorflow', 'webgpu'] as const) : (['tensorflow'] as const)) {
    try {
      const engine = await make(name)
      if (!preferred([engine])) continue
      await engine.load()
      working.push(engine)
      if (engine.deviceKind === 'gpu') break
    } catch (error) {
      if (!(error instanceof DynotuneError && error.code === 'engine.missing')) passedOver.push(sentence(name, error))
    }
  }
  const engine = preferred(working) ?? (await make('wasm'))
  return { engine, ...(passedOver.length > 0 && { note: `${passedOver.join(' ')} So ${engine.name} computes.` }) }
}

function sentence(name: Engine['name'], error: unknown): string {
  const { why, remedy = '`dynotune doctor` says more' } = explain(error)
  return `The engine ${name} was passed over: ${why} Try: ${remedy}.`
}
