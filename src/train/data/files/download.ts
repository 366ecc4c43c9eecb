import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DynotuneError } from '../../../errors.ts'

export interface DownloadOptions {
  /** Addresses of folders that hold the files, tried in turn. Default: those that publish them. */
  readonly mirrors?: readonly string[]
  readonly signal?: AbortSignal
}

/** A file as it is published. */
export interface PublishedFile {
  readonly name: string
  /** In hexadecimal digits. Guards against damage and mix-ups. */
  readonly md5: string
}

/**
 * Fills a folder with published files; what is there already with the right digest is left alone. A file is written
 * beside its place and renamed once its digest is right, so that there is never a part of one, or a wrong one.
 * @throws DynotuneError `data.missing` when no mirror gives a file, `data.invalid` when what it gives is another
 */
export async function downloadFiles(
  folder: string,
  files: readonly PublishedFile[],
  { mirrors = [], signal }: DownloadOptions,
): Promise<void> {
  for (const file of files) await obtain(folder, file, mirrors, signal)
}

async function obtain(folder: string, { name, md5 }: PublishedFile, mirrors: readonly string[], signal?: AbortSignal) {
  const file = join(folder, name)
  if (existsSync(file) && (await digestOf(file)) === md5) return
  let failure: unknown
  for (const mirror of mirrors) {
    const url = new URL(name, mirror.endsWith('/') ? mirror : `${mirror}/`).href
    try {
      await mkdir(folder, { recursive: true })
      return await download(url, file, md5, signal)
    } catch (error) {
      failure = error
      if (signal?.aborted) break
    }
  }
  if (failure instanceof DynotuneError) throw failure
  throw new DynotuneError('data.missing', `The file ${name} cannot be downloaded.`, {
    path: mirrors.join(', '),
    remedy: 'see whether this machine reaches the mirror; or put the file into the folder by other means',
    cause: failure,
  })
}

async function download(url: string, file: string, md5: string, signal?: AbortSignal): Promise<void> {
  const part = `${file}.${process.pid}.part`
  try {
    const response = await fetch(url, signal ? { signal } : {})
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status} ${response.statusText}`)
    await pipeline(Readable.fromWeb(response.body), createWriteStream(part))
    const digest = await digestOf(part)
    if (digest !== md5) {
      throw new DynotuneError('data.invalid', 'What was downloaded is not the file that was published.', {
        path: url,
        value: `md5 ${digest} instead of ${md5}`,
        remedy: 'try again later; or get the file elsewhere and put it into the folder',
      })
    }
    await rename(part, file)
  } finally {
    await rm(part, { force: true })
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('md5')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
