import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DynotuneError } from '../../../errors.ts'
import { type Manifest, readManifest } from '../manifest.ts'
import { findInstallation, INSTALLATION } from '../places.ts'

export interface Removed {
  readonly folder: string
  /** What it was; absent when it was damaged. */
  readonly manifest?: Manifest
}

/**
 * Removes what `installTensorflow` has installed in a project's folder.
 * @throws DynotuneError `engine.missing` when nothing is installed there
 */
export function removeTensorflow(directory: string): Removed {
  const folder = join(directory, INSTALLATION)
  if (!existsSync(folder)) {
    const other = findInstallation(directory)
    throw new DynotuneError('engine.missing', 'No TensorFlow has been installed in this folder.', {
      path: 'tensorflow',
      value: folder,
      ...(other !== undefined && {
        remedy: `the one in use is of ${dirname(dirname(dirname(other)))}: run this there`,
      }),
    })
  }
  const manifest = readManifest(folder)
  rmSync(folder, { recursive: true })
  return { folder, ...(manifest && { manifest }) }
}
