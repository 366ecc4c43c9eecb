import { readdirSync, readFileSync } from 'node:fs'
import type { SingleOut } from './adapters.ts'

/** What may be set to have one device shown only; tests put their own in. */
export interface Bus {
  readonly environment: NodeJS.ProcessEnv
  /** Where the display adapters sit on the PCI bus, in order: `0000:1b:00.0`. */
  displays(): readonly string[]
}

/**
 * Tells GPUs of one name apart. Dawn chooses by name alone, but the Vulkan layer that comes with Mesa, where it is installed,
 * shows any driver's device at a given place on the bus and hides the others:
 * https://docs.mesa3d.org/envvars.html#envvar-DRI_PRIME. The places are tried one after the other. That exactly one device
 * is left is the proof that the layer is there and has found it, so a device is never taken for another.
 */
export function singleOutOn<A>({ environment, displays }: Bus = thisBus): SingleOut<A> {
  return async (adapters, name, skip) => {
    const before = environment.DRI_PRIME
    let toSkip = skip
    try {
      for (const address of displays()) {
        environment.DRI_PRIME = `pci-${address.replaceAll(/[:.]/g, '_')}!`
        const [only, ...others] = await adapters.names()
        if (only === name && others.length === 0 && toSkip-- === 0) return await adapters.first(name)
      }
      return undefined
    } finally {
      if (before === undefined) delete environment.DRI_PRIME
      else environment.DRI_PRIME = before
    }
  }
}

const PCI = '/sys/bus/pci/devices'

const thisBus: Bus = {
  environment: process.env,
  displays() {
    try {
      return readdirSync(PCI)
        .filter((address) => readFileSync(`${PCI}/${address}/class`, 'utf8').startsWith('0x03'))
        .sort()
    } catch {
      // Not Linux, or nothing to see of the bus.
      return []
    }
  },
}
