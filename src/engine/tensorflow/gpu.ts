import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynotuneError } from '../../errors.ts'

/** The models of the NVIDIA GPUs in this machine, in the order of the bus, as their driver lists them. */
export function nvidiaGpus(folder = '/proc/driver/nvidia/gpus'): string[] {
  try {
    const places = readdirSync(folder).sort()
    return places.map((place) => modelIn(readFileSync(join(folder, place, 'information'), 'utf8')))
  } catch {
    return []
  }
}

function modelIn(information: string): string {
  return /^Model:\s*(.+)$/m.exec(information)?.[1]?.trim() ?? 'GPU'
}

/** One GPU, and the variables that make it the only one that CUDA sees. */
export interface SelectedGpu {
  readonly variables: { readonly CUDA_VISIBLE_DEVICES?: string; readonly CUDA_DEVICE_ORDER?: string }
  /** Its model, where it is known. */
  readonly model?: string
}

/**
 * Chooses the one GPU that TensorFlow is to see: of several, it would take memory on all, and tfjs-node would compute on
 * the last. A user's `CUDA_VISIBLE_DEVICES` is narrowed, never left.
 * @param device counts those visible, from 0 in the order of the bus; default the first
 * @param env the variables as the user has set them
 * @param gpus the models of all there are; none where the driver does not list them
 * @throws DynotuneError `engine.device` when there are GPUs but not that many
 */
export function selectGpu(device: number | undefined, env: NodeJS.ProcessEnv, gpus: readonly string[]): SelectedGpu {
  const users = env.CUDA_VISIBLE_DEVICES?.split(',').map((name) => name.trim())
  // CUDA's ways to say that there are none to use.
  if (users && /^(|-1|NoDevFiles)$/.test(users[0] ?? '')) return { variables: {} }
  if (!users && gpus.length === 0 && device === undefined) return { variables: {} }
  const visible = users ?? gpus.map((_, i) => String(i))
  const chosen = visible.length === 0 ? String(device) : visible[device ?? 0]
  if (chosen === undefined) throw noSuchGpu(device, visible)
  const order = env.CUDA_DEVICE_ORDER ?? (users ? undefined : 'PCI_BUS_ID')
  const isKnown = order === 'PCI_BUS_ID' && /^\d+$/.test(chosen)
  const model = new Set(gpus).size === 1 ? gpus[0] : isKnown ? gpus[Number(chosen)] : undefined
  return {
    variables: { CUDA_VISIBLE_DEVICES: chosen, ...(order !== undefined && { CUDA_DEVICE_ORDER: order }) },
    ...(model !== undefined && { model }),
  }
}

function noSuchGpu(device: number | undefined, visible: readonly string[]): DynotuneError {
  const there = visible.length === 1 ? 'is one, 0' : `are ${visible.length}, 0 to ${visible.length - 1}`
  return new DynotuneError('engine.device', 'The engine "tensorflow" has no such device.', {
    path: 'engine',
    value: device,
    remedy: `there ${there}`,
  })
}
