import { DynotuneError } from '../../../errors.ts'
import { sizeOf } from '../../../numerics/size-of.ts'

/** Bytes with a shape. */
export interface Idx {
  readonly shape: readonly number[]
  /** Row-major. */
  readonly values: Uint8Array
}

/**
 * A file of the IDX format: two zeros, the type of the values (8: unsigned bytes, the only one here), the number of axes,
 * their lengths as big-endian 32-bit integers, the values. Source: Y. LeCun's page of MNIST.
 * @param file its name, for errors
 * @throws DynotuneError `data.invalid`
 */
export function parseIdx(bytes: Uint8Array, file: string): Idx {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const axes = bytes[3] ?? 0
  const start = 4 + 4 * axes
  if (bytes.length < start || view.getUint16(0) !== 0 || bytes[2] !== 8 || axes === 0) {
    throw invalid(file, 'it does not begin as one of unsigned bytes')
  }
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis))
  const size = sizeOf(shape)
  const values = bytes.subarray(start)
  if (values.length !== size) {
    throw invalid(file, `it holds ${values.length} bytes instead of the ${size} of [${shape.join(', ')}]`)
  }
  return { shape, values }
}

function invalid(file: string, why: string): DynotuneError {
  return new DynotuneError('data.invalid', `This is not a file of the IDX format: ${why}.`, {
    path: file,
    remedy: 'download the file anew',
  })
}
