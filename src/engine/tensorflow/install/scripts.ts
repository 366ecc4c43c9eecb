import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DynotuneError } from '../../../errors.ts'
import { runTool } from './run-tool.ts'
import type { Toolchain } from './toolchain.ts'

/** The release of tfjs-node whose addon and JavaScript are taken. */
export const TFJS_NODE = '4.22.0'

/** Its archive's SHA-512, as the npm registry has it. */
const INTEGRITY = 'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w=='

/**
 * Gets tfjs-node from npm, without what it depends on and without running its scripts, into `tfjs-node/` of a staged
 * installation.
 * @throws DynotuneError `engine.install` when it cannot be had or is not the archive that is expected
 */
export async function obtainScripts(
  stage: string,
  downloads: string,
  { npm, tar }: Pick<Toolchain, 'npm' | 'tar'>,
  signal?: AbortSignal,
): Promise<void> {
  await runTool(npm, ['pack', `@tensorflow/tfjs-node@${TFJS_NODE}`, '--pack-destination', downloads], {
    task: `download tfjs-node ${TFJS_NODE} with npm`,
    remedy: 'see what npm says',
    signal,
  })
  const archive = join(downloads, `tensorflow-tfjs-node-${TFJS_NODE}.tgz`)
  checkIntegrity(archive)
  const unpacked = join(downloads, 'tfjs-node')
  mkdirSync(unpacked)
  await runTool(tar, ['-xzf', archive, '-C', unpacked], {
    task: 'unpack tfjs-node',
    remedy: 'see what tar says',
    signal,
  })
  renameSync(join(unpacked, 'package'), join(stage, 'tfjs-node'))
}

/** @throws DynotuneError `engine.install` when the archive has another digest than `expected` */
export function checkIntegrity(archive: string, expected = INTEGRITY): void {
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (found === expected) return
  throw new DynotuneError('engine.install', `What npm downloaded is not tfjs-node ${TFJS_NODE}: its digest differs.`, {
    path: 'tensorflow',
    value: found,
    remedy: 'see whether a mirror of the npm registry is configured, `npm config get registry`',
  })
}
