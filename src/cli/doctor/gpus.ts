import { type GpuSigns, gpuSigns } from '../../engine/gpu-signs.ts'
import { nvidiaGpus } from '../../engine/tensorflow/gpu.ts'
import { outputOf } from './programs.ts'

export interface GpuFinding {
  readonly signs: GpuSigns
  /** In the order of the bus, as far as NVIDIA's tool or driver lists them; other makers have no such thing. */
  readonly devices: readonly GpuDevice[]
}

export interface GpuDevice {
  readonly name: string
  /** Bytes; absent, as `driver` is, where the driver is there without its tool. */
  readonly memory?: number
  readonly driver?: string
}

/** Which GPUs the machine shows, whether or not an engine can use them. */
export async function findGpus(): Promise<GpuFinding> {
  const signs = gpuSigns()
  if (signs === 'none') return { signs, devices: [] }
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits']
  const listed = parseDevices((await outputOf('nvidia-smi', ...query)) ?? '')
  const devices = listed.length > 0 ? listed : nvidiaGpus().map((name) => ({ name }))
  return { signs: devices.length > 0 ? 'nvidia' : signs, devices }
}

/** Lines such as `NVIDIA H200, 143771, 570.86.15`, memory in MiB; others are left out. */
export function parseDevices(text: string): GpuDevice[] {
  return text.split('\n').flatMap((line) => {
    const [, name, mebibytes, driver] = /^(.+), (\d+), ([\d.]+)\s*$/.exec(line) ?? []
    if (name === undefined || driver === undefined) return []
    return [{ name, memory: Number(mebibytes) * 2 ** 20, driver }]
  })
}
