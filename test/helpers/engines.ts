import { createEngine } from '../../src/engine/engine.ts'
import { DynotuneError } from '../../src/errors.ts'
import type { Engine } from '../../src/study/engine.ts'

/** The engine of a name; nothing, and the reason printed, where it is not installed or this machine has no device for it. */
export async function findEngine(name: Engine['name']): Promise<Engine | undefined> {
  try {
    return await createEngine(name)
  } catch (error) {
    if (!(error instanceof DynotuneError) || (error.code !== 'engine.missing' && error.code !== 'engine.device'))
      throw error
    console.warn(`Tests of the engine "${name}" are left out: ${error.message} Remedy: ${error.remedy}.`)
    return undefined
  }
}
