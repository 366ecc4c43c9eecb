import { DynotuneError } from '../errors.ts'

/**
 * How the libraries below say that the device's memory, or the process's, is used up. They have no codes: TensorFlow's C
 * library, its allocators, Dawn and the drivers under it, Emscripten and V8 have these words.
 */
const MEMORY = [
  /\bOOM when allocating\b/,
  /\bRESOURCE_EXHAUSTED\b/,
  /\bInvalid TF_Status: 8\b/,
  /\bCU(DA_ERROR_OUT_OF_MEMORY|(BLAS|DNN)_STATUS_ALLOC_FAILED)\b/,
  /\bVK_ERROR_OUT_OF_(DEVICE|HOST)_MEMORY\b/,
  /\bE_OUTOFMEMORY\b/,
  /^Cannot enlarge memory\b/,
  /^Aborted\(OOM\b/,
  /^WebAssembly\.Memory\b.*(exceeded|could not allocate|unable to grow)/i,
  /^Array buffer allocation failed$/,
  // More than any machine has, so it was refused before it was tried.
  /^Invalid typed array length: \d{10,}$/,
]

/** How they say that the device itself is gone. */
const LOST = [
  /\bVK_ERROR_DEVICE_LOST\b/,
  /\bDXGI_ERROR_DEVICE_(REMOVED|HUNG|RESET)\b/,
  /\bCUDA_ERROR_(LAUNCH_FAILED|LAUNCH_TIMEOUT|ILLEGAL_ADDRESS|ECC_UNCORRECTABLE|DEVICE_UNAVAILABLE)\b/,
]

/**
 * What an error says about the device, where it says something: `engine.memory` or `engine.lost`. The foreign error is its
 * cause; one that carries such a code already is returned as it is.
 */
export function deviceErrorOf(error: unknown): DynotuneError | undefined {
  if (error instanceof DynotuneError)
    return error.code === 'engine.memory' || error.code === 'engine.lost' ? error : undefined
  if (!(error instanceof Error)) return undefined
  const says = (words: RegExp) => words.test(error.message)
  if (MEMORY.some(says)) return outOfMemory({ cause: error })
  if (LOST.some(says)) return deviceLost({ cause: error })
  return undefined
}

/** The error for memory that is used up. */
export function outOfMemory(details: { readonly value?: unknown; readonly cause?: unknown } = {}): DynotuneError {
  return new DynotuneError('engine.memory', 'The device has no memory left for this.', {
    remedy: 'take a smaller model or batch, or fewer trainers for each device',
    ...details,
  })
}

/** The error for a device that is gone. */
export function deviceLost(details: { readonly value?: unknown; readonly cause?: unknown } = {}): DynotuneError {
  return new DynotuneError('engine.lost', 'The device was lost.', {
    remedy: "the trial is tried again in a new process; where it happens often, look at the driver's log",
    ...details,
  })
}
