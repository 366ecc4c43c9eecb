import { createRequire } from 'node:module'
import { DynotuneError } from '../../errors.ts'
import type { Engine, EngineOptions, Tf } from '../../study/engine.ts'
import { registerEinsum } from '../einsum.ts'
import { loadOperations } from '../operations.ts'
import { tfjsEngine } from '../tfjs-engine.ts'
import { type ChosenAdapter, chooseAdapter } from './adapters.ts'
import type { DawnBackend } from './backend.ts'
import { type Dawn, dawnAdapters, loadDawn } from './dawn.ts'
import { openDevice } from './device.ts'
import { registerElementwise } from './elementwise.ts'
import { mendKernels } from './kernels.ts'
import { singleOutOn } from './single-out.ts'
import { prepareVulkan } from './vulkan.ts'

/**
 * Any GPU through WebGPU: Vulkan, Metal or Direct3D 12, by Dawn. Where the machine has no GPU, a software adapter among its
 * Vulkan drivers computes, or the SwiftShader that comes with Chromium: real, and slow; `deviceKind` says so. To have a
 * software adapter where there is a GPU too, name its driver to the Vulkan loader in `VK_DRIVER_FILES`.
 *
 * Finds the adapter, in milliseconds; TensorFlow.js and the device are opened by `load`.
 * @throws DynotuneError `engine.missing`, `engine.broken`, and `engine.device` when there is no such device
 */
export async function webgpuEngine({ device }: EngineOptions = {}): Promise<Engine> {
  const dawn = await loadDawn()
  const useSoftware = prepareVulkan()
  const choose = () => chooseAdapter(dawnAdapters(dawn), device, singleOutOn())
  const chosen = (await choose()) ?? (useSoftware() ? await choose() : undefined)
  if (!chosen) throw noAdapter()
  const name = describe(chosen)
  let backend: DawnBackend | undefined
  return tfjsEngine({
    name: 'webgpu',
    backend: 'webgpu',
    device: () => name,
    library: dawnVersion(),
    deviceKind: () => (chosen.software ? 'software' : 'gpu'),
    async open() {
      const tf = await loadOperations()
      backend = await openBackend(tf, dawn, chosen.adapter, name)
      return tf
    },
    started(tf) {
      registerElementwise(tf)
      registerEinsum(tf, 'webgpu')
    },
    finish: async () => backend?.finish(),
  })
}

/** What runs in this process, and on which device: TensorFlow.js has one back end of a name. */
let running: { readonly backend: DawnBackend; readonly name: string } | undefined

async function openBackend(tf: Tf, dawn: Dawn, adapter: GPUAdapter, name: string): Promise<DawnBackend> {
  if (running?.name === name && !running.backend.lost) return running.backend
  const [own, stock] = [await import('./backend.ts'), await import('@tensorflow/tfjs-backend-webgpu')]
  mendKernels(tf, (value) => value instanceof stock.WebGPUBackend)
  const backend = own.createBackend(tf, stock, dawn, await openDevice(adapter))
  if (running) tf.removeBackend('webgpu')
  tf.registerBackend('webgpu', () => backend)
  running = { backend, name }
  return backend
}

/** Of the package that Dawn comes in: Dawn itself does not say. */
function dawnVersion(): string {
  const { version }: { version?: string } = createRequire(import.meta.url)('webgpu/package.json')
  return `webgpu ${version}`
}

function describe({ adapter, name, index, count }: ChosenAdapter<GPUAdapter>): string {
  const { description } = adapter.info
  const which = count > 1 ? `, device ${index} of ${count}` : ''
  return `${name}${description && description !== name ? `, ${description}` : ''}, WebGPU${which}`
}

function noAdapter(): DynotuneError {
  return new DynotuneError('engine.missing', 'The engine "webgpu" finds no GPU that it can use.', {
    path: 'engine',
    value: 'webgpu',
    remedy:
      process.platform === 'linux'
        ? 'install the Vulkan driver of the GPU, or Chromium, whose GPU in software is slow but real; or use the engine "wasm"'
        : 'install the driver of the GPU, or use the engine "wasm"',
  })
}
