import { DynotuneError } from '../../errors.ts'

/** The adapters of a machine: the GPUs, and whatever imitates one. */
export interface Adapters<A> {
  /** The names of all, in the driver's order, real GPUs first. Two that are alike have the same name. */
  names(): Promise<readonly string[]>
  /** The first adapter whose name contains this. */
  first(name: string): Promise<A | undefined>
}

/** Finds the adapter of a name that `skip` others of that name come before; undefined where there is no telling them apart. */
export type SingleOut<A> = (adapters: Adapters<A>, name: string, skip: number) => Promise<A | undefined>

export interface ChosenAdapter<A> {
  readonly adapter: A
  readonly name: string
  readonly software: boolean
  /** Its place among the real GPUs, or among the imitations where there is no real one, and how many those are. */
  readonly index: number
  readonly count: number
}

/**
 * The adapter of an index among the real GPUs; where there are none, among the imitations.
 * @param index default 0
 * @returns undefined where there is no adapter at all
 * @throws DynotuneError `engine.device` when there is none of this index, or no way to get at it
 */
export async function chooseAdapter<A extends { readonly info: { readonly isFallbackAdapter: boolean } }>(
  adapters: Adapters<A>,
  index = 0,
  singleOut: SingleOut<A>,
): Promise<ChosenAdapter<A> | undefined> {
  const names = await adapters.names()
  const firsts = new Map<string, A>()
  for (const name of new Set(names)) {
    const adapter = await adapters.first(name)
    if (adapter) firsts.set(name, adapter)
  }
  const isSoftware = (name: string) => firsts.get(name)?.info.isFallbackAdapter === true
  const real = names.filter((name) => !isSoftware(name))
  const candidates = real.length > 0 ? real : names
  if (candidates.length === 0) return undefined
  const name = candidates[index]
  if (name === undefined) throw noSuchAdapter(index, candidates)
  const found = { name, software: isSoftware(name), index, count: candidates.length }
  const skip = candidates.slice(0, index).filter((other) => other === name).length
  // Asking for a name that is part of an earlier one gives the earlier one.
  const isFirst = skip === 0 && names.find((other) => other.includes(name)) === name
  const adapter = isFirst ? firsts.get(name) : await singleOut(adapters, name, skip)
  if (!adapter) throw alike(index, name)
  return { adapter, ...found }
}

function noSuchAdapter(index: number, candidates: readonly string[]): DynotuneError {
  const list = candidates.map((name, i) => `${i}: ${name}`).join(', ')
  return new DynotuneError('engine.device', 'The engine "webgpu" has no such device.', {
    path: 'engine',
    value: index,
    remedy: `there ${candidates.length === 1 ? 'is' : 'are'} ${list}`,
  })
}

function alike(index: number, name: string): DynotuneError {
  return new DynotuneError('engine.device', `Several devices are named "${name}", and WebGPU cannot tell them apart.`, {
    path: 'engine',
    value: index,
    remedy:
      "install Mesa's device selection layer (Debian: mesa-vulkan-drivers), which shows one at a time, or start one container for each device",
  })
}
