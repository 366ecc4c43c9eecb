import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { DynotuneError } from '../../../errors.ts'

/**
 * The bytes of a data file, unpacked where it is gzip, which its first bytes say rather than its name.
 * @param remedy what to do where it cannot be read
 * @throws DynotuneError `data.missing` when it cannot be read, `data.invalid` when it does not unpack
 */
export function readDataFile(file: string | URL, remedy: string): Buffer {
  const bytes = read(file, remedy)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes)
  } catch (cause) {
    throw new DynotuneError('data.invalid', 'The file does not unpack.', { path: String(file), remedy, cause })
  }
}

function read(file: string | URL, remedy: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new DynotuneError('data.missing', 'The file cannot be read.', { path: String(file), remedy, cause })
  }
}
