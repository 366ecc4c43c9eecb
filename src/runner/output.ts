import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const KEPT_HEAD = 16_384
const KEPT_TAIL = 49_152
const LIMIT = 64 * 2 ** 20

/** Where a trainer's standard output and errors go. */
export interface OutputFile {
  /** To be the child's descriptors 1 and 2. */
  readonly fd: number
  /** What was written since the last call; of very long output the beginning and the end. */
  take(): string
  /** Drops what has been written if it has grown out of hand. */
  trim(): void
  close(): void
}

/**
 * A file rather than pipes: the kernel takes every byte at once, so the output is whole and in order even when the process
 * is killed, a trial that prints costs the supervisor nothing while it runs, and one that prints nothing costs one `fstat`.
 * The file has no name any more when this returns, so nothing is left behind.
 */
export function createOutputFile(): OutputFile {
  const folder = mkdtempSync(join(tmpdir(), 'dynotune-'))
  const fd = openSync(join(folder, 'output'), 'a+', 0o600)
  rmSync(folder, { recursive: true })
  let dropped = 0

  function take(): string {
    const { size } = fstatSync(fd)
    if (size === 0 && dropped === 0) return ''
    const text =
      size <= KEPT_HEAD + KEPT_TAIL
        ? slice(0, size)
        : `${slice(0, KEPT_HEAD)}\n[… ${size - KEPT_HEAD - KEPT_TAIL} bytes left out …]\n${slice(size - KEPT_TAIL, KEPT_TAIL)}`
    const note = dropped > 0 ? `[… ${dropped} bytes dropped …]\n` : ''
    ftruncateSync(fd)
    dropped = 0
    return note + text
  }

  function slice(position: number, length: number): string {
    const buffer = Buffer.alloc(length)
    const read = readSync(fd, buffer, 0, length, position)
    return buffer.toString('utf8', 0, read)
  }

  function trim(): void {
    const { size } = fstatSync(fd)
    if (size <= LIMIT) return
    ftruncateSync(fd)
    dropped += size
  }

  return { fd, take, trim, close: () => closeSync(fd) }
}
