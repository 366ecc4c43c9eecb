import { DynotuneError } from '../../errors.ts'
import { deviceErrorOf, deviceLost, outOfMemory } from '../device-error.ts'

/** What has become of a device. */
export interface DeviceWatch {
  /** Whether the device is gone. */
  readonly lost: boolean
  /**
   * What went wrong since it was asked last, if anything did: `engine.memory`, `engine.broken`. A device that is gone stays
   * gone: `engine.lost`.
   */
  take(): DynotuneError | undefined
}

/**
 * Listens to a device. WebGPU's calls do not throw: they return something that holds no data, and report the error here,
 * most of them before they return.
 */
export function watchDevice(device: Pick<GPUDevice, 'lost' | 'addEventListener'>): DeviceWatch {
  let loss: DynotuneError | undefined
  let error: DynotuneError | undefined
  device.addEventListener('uncapturederror', (event) => {
    // Dawn would print it.
    event.preventDefault()
    error ??= refusal(event.error)
  })
  void device.lost.then(({ message }) => {
    loss = deviceLost({ cause: new Error(message) })
  })
  return {
    get lost() {
      return loss !== undefined
    },
    take() {
      const taken = loss ?? error
      error = undefined
      return taken
    },
  }
}

function refusal(error: GPUError): DynotuneError {
  const cause = new Error(error.message.trim())
  if (error.constructor.name === 'GPUOutOfMemoryError') return outOfMemory({ cause })
  return (
    deviceErrorOf(cause) ??
    new DynotuneError('engine.broken', 'The device refused a command.', {
      path: 'engine',
      value: 'webgpu',
      remedy: 'try another engine, and report what it refused',
      cause,
    })
  )
}
