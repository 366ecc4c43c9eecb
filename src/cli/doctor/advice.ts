import type { EngineDescription } from '../../engine/describe.ts'
import type { GpuSigns } from '../../engine/gpu-signs.ts'
import type { Variant } from '../../engine/tensorflow/install/target.ts'

/** What would improve matters most. */
export interface Advice {
  /** Absent when there is nothing to improve, or nothing that a command could do. */
  readonly command?: string
  readonly why: string
}

export interface Findings {
  readonly engines: readonly EngineDescription[]
  readonly gpu: GpuSigns
  /** What `dynotune engine install tensorflow` can install on this kind of machine. */
  readonly installs: readonly Variant[]
}

/** The one thing to do next, from what was found. */
export function advise({ engines, gpu, installs }: Findings): Advice {
  const of = (name: EngineDescription['name']) => engines.find((engine) => engine.name === name)
  const onGpu = engines.find(({ status, deviceKind }) => status === 'found' && deviceKind === 'gpu')
  const [tensorflow, webgpu] = [of('tensorflow'), of('webgpu')]
  const variant: Variant = gpu === 'nvidia' && installs.includes('gpu') ? 'gpu' : 'cpu'

  if (!engines.some(({ status }) => status === 'found')) {
    return { command: 'npm ci', why: 'No engine works, not even those that are plain packages: install them again.' }
  }
  if (tensorflow?.status === 'broken') {
    const why = 'TensorFlow is installed but does not work.'
    const command = commandIn(tensorflow.remedy) ?? (installs.length > 0 ? install(variant) : undefined)
    return command === undefined ? { why } : { command, why }
  }
  if (variant === 'gpu' && tensorflow?.deviceKind !== 'gpu') {
    const why =
      tensorflow?.status === 'found'
        ? 'TensorFlow computes on the processor, though there is an NVIDIA GPU: it is one without CUDA, or the driver is too old.'
        : 'There is an NVIDIA GPU, on which `auto` prefers TensorFlow with CUDA.'
    return { command: install(variant), why }
  }
  const unused = gpu !== 'none' && !onGpu ? 'There are signs of a GPU, but webgpu cannot use one.' : undefined
  const driver = unused && commandIn(webgpu?.remedy)
  if (unused && driver) return { command: driver, why: unused }
  if (!onGpu && tensorflow?.status === 'missing' && installs.includes('cpu')) {
    const why = 'TensorFlow computes on all cores of this processor, wasm on one.'
    return { command: install('cpu'), why: unused ? `${unused} ${why}` : why }
  }
  if (unused) return { why: unused }
  return { why: 'There is nothing to improve: the fastest engine that this machine can have works.' }
}

function install(variant: Variant): string {
  return `npx dynotune engine install tensorflow --${variant}`
}

/** Remedies quote the commands in them; what comes after "or" is another way. */
function commandIn(remedy: string | undefined): string | undefined {
  const [first = ''] = (remedy ?? '').split(/[;,] or /)
  const commands = [...first.matchAll(/`([^`]+)`/g)].map(([, command = '']) =>
    command.replace(/^(?=dynotune )/, 'npx '),
  )
  return commands.length > 0 ? commands.join(' && ') : undefined
}
