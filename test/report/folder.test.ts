import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkReportFolder, writeReport } from '../../src/report/report.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { fakeArchive } from './fake-archive.ts'

const refusal = (path: string) =>
  expect.objectContaining({
    code: 'report.unwritable',
    path,
    remedy: expect.stringMatching(/--out DIR.*safe in the store/),
  })

test('a folder below a file, or on a file system that takes none, is refused with a remedy', async () => {
  const folder = temporaryFolder()
  await writeFile(join(folder, 'file'), '')
  for (const path of [join(folder, 'file', 'below'), join(folder, 'file'), '/sys/report']) {
    expect(() => checkReportFolder(path)).toThrow(refusal(path))
    await expect(writeReport(fakeArchive({ trials: 1 }), path)).rejects.toEqual(refusal(path))
  }
})

test('a folder that breaks only while the report is written is refused in the same words, the earlier report kept', async () => {
  const folder = temporaryFolder()
  await writeReport(fakeArchive({ trials: 0 }), folder)
  const earlier = await readFile(join(folder, 'README.md'), 'utf8')
  await writeFile(join(folder, 'figures'), 'a file where a folder has to be')
  await expect(writeReport(fakeArchive({ trials: 1 }), folder)).rejects.toEqual(refusal(folder))
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(earlier)
})

test('the check creates the folder and leaves it empty', async () => {
  const folder = join(temporaryFolder(), 'a', 'b')
  checkReportFolder(folder)
  expect(await readdir(folder)).toEqual([])
})

test('a README that is no report is left alone', async () => {
  const folder = temporaryFolder()
  await writeFile(join(folder, 'README.md'), '# My project')
  expect(() => checkReportFolder(folder)).toThrow(refusal(folder))
  await expect(writeReport(fakeArchive({ trials: 1 }), folder)).rejects.toEqual(refusal(folder))
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('# My project')
})

test('a second report replaces the first: its stale files go, those of others stay, no temporary file is left', async () => {
  const folder = temporaryFolder()
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 'data', 'mine.csv'), 'kept')
  await writeReport(fakeArchive(), folder)
  expect(await readdir(join(folder, 'figures'))).toContain('history.dark.svg')

  const { files } = await writeReport(fakeArchive({ trials: 0 }), folder)
  expect(files).toEqual([join(folder, 'README.md')])
  expect(await readdir(join(folder, 'figures'))).toEqual([])
  expect(await readdir(join(folder, 'data'))).toEqual(['mine.csv'])
  expect((await readdir(folder)).toSorted()).toEqual(['README.md', 'data', 'figures'])
})
