import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DynotuneError } from '../errors.ts'
import { makeFolder } from '../store/make-folder.ts'

/** The report itself, in its folder: as Markdown, and as a page for browsers. */
export const README = 'README.md'
export const PAGE = 'report.html'

/** Ends every report. Only a report that has it is replaced, and only files that such a README names are removed. */
export const MARK = '<!-- Made by `dynotune report`, which will replace this file. -->'

const REMEDY = 'name another folder with --out DIR; the results of the study are safe in the store'

/** Keeps temporary files apart where one process writes two reports at once. */
let temporaries = 0

/**
 * Makes sure, before hours of training, that a report can be written: creates the folder, writes and removes a file, and
 * finds nothing of the report's name there that is not a report. Returns the text of the earlier report, if there is one.
 * @throws DynotuneError `report.unwritable`
 */
export function checkReportFolder(folder: string, name = README): string | undefined {
  const probe = join(folder, temporaryName('probe'))
  try {
    makeFolder(folder)
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    throw unwritable(folder, error)
  }
  const earlier = readText(folder, name)
  if (earlier === undefined || earlier.includes(MARK)) return earlier
  throw new DynotuneError('report.unwritable', `The ${name} there is not a report of Dynotune, and is left alone.`, {
    path: folder,
    remedy: REMEDY,
  })
}

/** Writes files, by path below the folder, each whole or not at all. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  try {
    for (const [name, text] of files) {
      const path = join(folder, name)
      const temporary = join(dirname(path), temporaryName(basename(path)))
      makeFolder(dirname(path))
      try {
        await writeFile(temporary, text)
        await rename(temporary, path)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    }
  } catch (error) {
    throw unwritable(folder, error)
  }
}

/** Removes figures and data that an earlier report names and the new one does not: never a file that others put there. */
export async function removeStale(folder: string, earlier: string, kept: ReadonlySet<string>): Promise<void> {
  const named = new Set(
    earlier.match(/\b(?:figures\/[a-z0-9-]+\.(?:light\.svg|dark\.svg|vl\.json)|data\/[a-z0-9-]+\.csv)\b/g),
  )
  for (const name of named) if (!kept.has(name)) await rm(join(folder, name), { force: true })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function readText(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw unwritable(folder, error)
  }
}

function temporaryName(name: string): string {
  return `.${name}.${process.pid}.${temporaries++}.tmp`
}

function unwritable(folder: string, cause: unknown): DynotuneError {
  const code = codeOf(cause)
  const why = code === undefined ? '' : ` (${code})`
  return new DynotuneError('report.unwritable', `The report cannot be written to this folder${why}.`, {
    path: folder,
    remedy: REMEDY,
    cause,
  })
}
