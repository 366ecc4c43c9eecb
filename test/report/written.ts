import { readFile } from 'node:fs/promises'
import { vi } from 'vitest'
import { writeReport } from '../../src/report/report.ts'
import type { StudyArchive } from '../../src/study/record.ts'
import { temporaryFolder } from '../helpers/folder.ts'

// A report takes a second or two, and many more where other tests keep the processors busy.
vi.setConfig({ testTimeout: 60_000 })

/** A report, written to an empty folder and read back: its text, and its other files by their path below the folder. */
export async function written(archive: StudyArchive) {
  const folder = temporaryFolder()
  const { readme, files } = await writeReport(archive, folder)
  return { folder, text: await readFile(readme, 'utf8'), files: await contents(folder, files) }
}

export async function contents(folder: string, paths: readonly string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const path of paths) files.set(path.slice(folder.length + 1), await readFile(path, 'utf8'))
  return files
}

/** The part of a report under a heading. */
export function chapter(text: string, title: string): string {
  const [, after = ''] = text.split(`\n## ${title}\n`)
  return after.split('\n## ')[0] ?? ''
}
