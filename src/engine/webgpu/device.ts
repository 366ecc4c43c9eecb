import { type Callbacks, catchCallbacks } from './callbacks.ts'
import { type DeviceWatch, watchDevice } from './watch.ts'

/** A device of Dawn's, with what WebGPU has no call for. */
export interface OpenDevice {
  readonly device: GPUDevice
  readonly watch: DeviceWatch
  readonly callbacks: Callbacks
}

/** Those that the kernels of TensorFlow.js reach. By default a device has what the smallest telephone has. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const

/** All devices ever opened, with their adapters: a device of Dawn's does not survive the collection of its adapter. */
const opened: { readonly adapter: GPUAdapter; readonly device: GPUDevice }[] = []

/** Opens the device of an adapter, with all that the adapter can. */
export async function openDevice(adapter: GPUAdapter): Promise<OpenDevice> {
  const { limits, features } = adapter
  const { requested, callbacks } = catchCallbacks(() =>
    adapter.requestDevice({
      requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, limits[limit]])),
      // For `tf.time` and `tf.profile`.
      requiredFeatures: features.has('timestamp-query') ? ['timestamp-query'] : [],
    }),
  )
  const device = await requested
  if (opened.push({ adapter, device }) === 1) process.once('exit', destroyAll)
  return { device, watch: watchDevice(device), callbacks }
}

/** Where something is still being read Node would end with a crash. */
function destroyAll(): void {
  for (const { device } of opened) device.destroy()
}
