import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { writeReport } from '../../src/report/report.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { fakeArchive } from './fake-archive.ts'
import { contents, written } from './written.ts'

test('the same study gives the same bytes: again, at the same time, and in another process', {
  timeout: 60_000,
}, async () => {
  const first = await written(fakeArchive())
  const again = await written(fakeArchive())
  expect(again.files).toEqual(first.files)

  // Two at once: what one draws must not count for the other.
  const [other, same] = await Promise.all([written(fakeArchive({ trials: 12 })), written(fakeArchive())])
  expect(same.files).toEqual(first.files)
  expect(other.files).not.toEqual(first.files)

  const folder = temporaryFolder()
  const script = fileURLToPath(new URL('./write-report.ts', import.meta.url))
  await promisify(execFile)(process.execPath, [script, folder])
  const names = [...first.files.keys()].map((name) => join(folder, name))
  expect(await contents(folder, names)).toEqual(first.files)
})

test('two reports at once into one folder leave one whole report', async () => {
  const folder = temporaryFolder()
  const [one] = await Promise.all([writeReport(fakeArchive(), folder), writeReport(fakeArchive(), folder)])
  expect(await contents(folder, one.files)).toEqual((await written(fakeArchive())).files)
})
