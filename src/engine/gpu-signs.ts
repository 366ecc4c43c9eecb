import { readdirSync } from 'node:fs'

/** What a machine shows of GPUs: an NVIDIA driver, something that may be one, or nothing that could be one. */
export type GpuSigns = 'nvidia' | 'some' | 'none'

/** Where to look; tests put machines of their own in. */
export interface Machine {
  readonly platform: NodeJS.Platform
  /** The names in a folder; none where it is not there. */
  list(folder: string): readonly string[]
}

/**
 * Looks for drivers and device files. Loads no library, so that a trainer on a machine without GPU pays nothing for having
 * looked. What is not Linux has a GPU as a rule, which only its driver could tell.
 */
export function gpuSigns({ platform, list }: Machine = thisMachine): GpuSigns {
  if (platform !== 'linux' && platform !== 'android') return 'some'
  const devices = list('/dev')
  if (devices.some((name) => /^nvidia(ctl|\d+)$/.test(name)) || list('/proc/driver/nvidia').length > 0) return 'nvidia'
  // Windows underneath, AMD compute, ARM, Tegra; then any driver that draws.
  const others = devices.some((name) => /^(dxg|kfd|mali\d*|nvhost-gpu)$/.test(name))
  return others || list('/dev/dri').some((name) => name.startsWith('renderD')) ? 'some' : 'none'
}

const thisMachine: Machine = {
  platform: process.platform,
  list(folder) {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  },
}
