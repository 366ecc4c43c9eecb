import { renameSync, rmSync, type WriteFileOptions, writeFileSync } from 'node:fs'

/** Writes a file beside its place and renames it there, so that a reader finds a whole one or none. Its folder must be there. */
export function writeWhole(path: string, data: string | Uint8Array, options?: WriteFileOptions): void {
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, data, options)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
