import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { DynotuneError } from '../../../errors.ts'

/** A Python wheel: a zip with, for every file, its SHA-256 in a file named RECORD. */
export interface Wheel {
  readonly path: string
  /** The distribution's name, normalized as PyPI does: `tensorflow-cpu`. */
  readonly name: string
  readonly version: string
  /** The Python versions and platforms that it is for: `cp311-cp311-manylinux_2_27_x86_64`. */
  readonly tags: readonly string[]
  /** What its metadata asks for, as it is written there. */
  readonly requirements: readonly string[]
  /** SHA-256 of its files, base64url without padding, by path. */
  readonly digests: ReadonlyMap<string, string>
}

/** Reads what a wheel says of itself. @throws DynotuneError `engine.install` when it is not a wheel */
export async function readWheel(path: string): Promise<Wheel> {
  const parts = new Map<string, string>()
  try {
    await eachEntry(path, async (zip, entry) => {
      const [, part] = /^[^/]+\.dist-info\/(METADATA|WHEEL|RECORD)$/.exec(entry.fileName) ?? []
      if (part !== undefined) parts.set(part, await text(await zip.openReadStreamPromise(entry)))
    })
  } catch (cause) {
    throw refused(path, 'This is not a wheel, or a damaged one.', cause)
  }
  const [metadata = '', wheel = '', record = ''] = ['METADATA', 'WHEEL', 'RECORD'].map((part) => parts.get(part))
  const [name, version] = [field(metadata, 'Name')[0], field(metadata, 'Version')[0]]
  if (!name || !version || !record) throw refused(path, 'This is a zip file, but not a wheel.')
  return {
    path,
    name: name.toLowerCase().replace(/[-_.]+/g, '-'),
    version,
    tags: field(wheel, 'Tag'),
    requirements: field(metadata, 'Requires-Dist'),
    digests: parseRecord(record),
  }
}

/**
 * Unpacks those files of a wheel that `wanted` takes, and compares each with the digest that the wheel has for it.
 * @throws DynotuneError `engine.install` for a file that has another digest or none; then it has been written all the same
 */
export async function unpackWheel(
  wheel: Wheel,
  folder: string,
  wanted: (path: string) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  await eachEntry(wheel.path, async (zip, entry) => {
    signal?.throwIfAborted()
    const { fileName } = entry
    if (fileName.endsWith('/') || !wanted(fileName)) return
    const target = join(folder, fileName)
    await mkdir(dirname(target), { recursive: true })
    const hash = createHash('sha256')
    const watch = new PassThrough().on('data', (chunk: Buffer) => hash.update(chunk))
    const mode = (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644
    const source = await zip.openReadStreamPromise(entry).catch((cause: unknown) => {
      throw refused(wheel.path, `The file ${fileName} in the wheel is damaged.`, cause)
    })
    await pipeline(source, watch, createWriteStream(target, { mode }), signal ? { signal } : {})
    if (hash.digest('base64url') !== wheel.digests.get(fileName)) {
      throw refused(wheel.path, `The file ${fileName} in the wheel is not the one that the wheel's record names.`)
    }
  })
}

/** SHA-256 of a file, in hex. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function eachEntry(path: string, visit: (zip: ZipFile, entry: Entry) => Promise<void>): Promise<void> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false })
  try {
    for await (const entry of zip.eachEntry()) await visit(zip, entry)
  } finally {
    zip.close()
  }
}

/** The values of a field in the head of a text: `Name: value` lines up to an empty one. */
function field(source: string, name: string): string[] {
  const [head = ''] = source.split(/\r?\n\r?\n/, 1)
  return [...head.matchAll(new RegExp(`^${name}: *(.*?) *$`, 'gm'))].map(([, value = '']) => value)
}

/** `path,sha256=digest,size`, the path in quotes when it has a comma. */
function parseRecord(record: string): Map<string, string> {
  const rows = record.matchAll(/^(.*),sha256=([\w-]+),\d*\r?$/gm)
  return new Map([...rows].map(([, path = '', digest = '']) => [path.replace(/^"(.*)"$/, '$1'), digest]))
}

function refused(path: string, message: string, cause?: unknown): DynotuneError {
  return new DynotuneError('engine.install', message, {
    path: 'tensorflow',
    value: basename(path),
    remedy: 'download the wheel again',
    cause,
  })
}
