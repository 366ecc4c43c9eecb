import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { BackendValues } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { deviceLost } from '../device-error.ts'
import { createBufferPool } from './buffers.ts'
import type { Dawn } from './dawn.ts'
import type { OpenDevice } from './device.ts'

/** The WebGPU back end of TensorFlow.js, made to live in Node and to say what goes wrong. */
export interface DawnBackend extends WebGPUBackend {
  /** Whether its device is gone. */
  readonly lost: boolean
  /** Resolves when the device has done all that was asked of it. @throws DynotuneError `engine.lost`, `engine.memory` … */
  finish(): Promise<void>
}

type Package = typeof import('@tensorflow/tfjs-backend-webgpu')

/**
 * Makes a back end for an open device. It differs from the one that browsers get in this:
 * - what fails on the device throws, a typed error, from the operation or the read that comes upon it, rather than leaving
 *   zeros behind;
 * - `dataSync` works: the stock one draws the tensor on a canvas;
 * - a tensor may be disposed of while it is read, and a read keeps no second copy of it;
 * - buffers that nothing needs any more are given back.
 */
export function createBackend(tf: Tf, { WebGPUBackend }: Package, { globals }: Dawn, open: OpenDevice): DawnBackend {
  const { device, watch, callbacks } = open
  exposeGlobals(globals)

  class Backend extends WebGPUBackend implements DawnBackend {
    get lost() {
      return watch.lost
    }

    override async read(dataId: object): Promise<BackendValues> {
      const { values, dtype, shape, resource } = this.tensorMap.get(dataId)
      if (values || !(resource instanceof GPUBuffer)) return super.read(dataId)
      if (shape.includes(0)) return tf.util.convertBackendValuesAndArrayBuffer(new ArrayBuffer(0), dtype)
      const bytes = await callbacks
        .wait(() => this.getBufferData(resource))
        .catch((cause: unknown) => {
          throw cause instanceof DynotuneError ? cause : (watch.take() ?? deviceLost({ cause }))
        })
      this.#check()
      return tf.util.convertBackendValuesAndArrayBuffer(bytes, dtype)
    }

    override readSync(dataId: object): BackendValues {
      const { values, dtype, shape, resource } = this.tensorMap.get(dataId)
      if (values || !(resource instanceof GPUBuffer)) return super.readSync(dataId)
      if (shape.includes(0)) return tf.util.convertBackendValuesAndArrayBuffer(new ArrayBuffer(0), dtype)
      this.#flush()
      const { size } = resource
      const staging = this.bufferManager.acquireBuffer(size, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ)
      const encoder = device.createCommandEncoder()
      encoder.copyBufferToBuffer(resource, 0, staging, 0, size)
      device.queue.submit([encoder.finish()])
      const map = () => staging.mapAsync(GPUMapMode.READ).catch(() => {})
      callbacks.waitSync(map, () => staging.mapState !== 'pending')
      if (staging.mapState !== 'mapped') throw watch.take() ?? deviceLost()
      const bytes = staging.getMappedRange().slice(0)
      staging.unmap()
      this.bufferManager.releaseBuffer(staging)
      this.#check()
      return tf.util.convertBackendValuesAndArrayBuffer(bytes, dtype)
    }

    async finish(): Promise<void> {
      this.#flush()
      await callbacks.wait(() => device.queue.onSubmittedWorkDone())
      this.#check()
    }

    override dispose(): void {
      super.dispose()
      device.destroy()
    }

    #flush(): void {
      this.ensureCommandEncoderReady()
      this.endComputePassEncoder()
      this.submitQueue()
    }

    #check(): void {
      const error = watch.take()
      if (error) throw error
    }
  }

  const backend = asInBrowser(() => new Backend(device, device.adapterInfo))
  Reflect.set(backend, 'bufferManager', createBufferPool(device, watch))
  return backend
}

/** Those of WebGPU's names that the back end looks up as it computes. Nothing else is made global. */
function exposeGlobals(globals: object): void {
  for (const name of ['GPUBuffer', 'GPUBufferUsage', 'GPUMapMode', 'GPUTexture']) {
    Object.defineProperty(globalThis, name, { value: Reflect.get(globals, name), configurable: true, writable: true })
  }
}

/** The back end refuses to be made where `navigator.gpu` is not; others may ask for it too, and are to find none in Node. */
function asInBrowser<T>(make: () => T): T {
  Object.defineProperty(navigator, 'gpu', { value: {}, configurable: true })
  try {
    return make()
  } finally {
    Reflect.deleteProperty(navigator, 'gpu')
  }
}
