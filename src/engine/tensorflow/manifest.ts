import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const FILE = z.object({ file: z.string(), sha256: z.string() })

const MANIFEST = z.object({
  /** TensorFlow's version, as the library itself says it. */
  tensorflow: z.string(),
  variant: z.enum(['cpu', 'gpu']),
  /** What it computed on when it was tried, in words. */
  device: z.string(),
  /** The wheels it was taken from. */
  wheels: z.array(FILE),
  /** Version of tfjs-node. */
  tfjsNode: z.string(),
  /** ISO 8601. */
  installedAt: z.string(),
  /** What the folder takes on disk. */
  bytes: z.number(),
})

/** What was installed: kept in the installation's folder as `installed.json`. */
export type Manifest = z.infer<typeof MANIFEST>

/** The manifest of an installation; undefined when it is damaged. */
export function readManifest(folder: string): Manifest | undefined {
  try {
    return MANIFEST.safeParse(JSON.parse(readFileSync(manifestPath(folder), 'utf8'))).data
  } catch {
    return undefined
  }
}

export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(manifestPath(folder), `${JSON.stringify(manifest, null, 2)}\n`)
}

export function manifestPath(folder: string): string {
  return join(folder, 'installed.json')
}
