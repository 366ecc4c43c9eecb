import { writeReport } from '../../src/report/report.ts'
import { fakeArchive } from './fake-archive.ts'

// A process of its own for the test that two of them write the same bytes.
const [, , folder = ''] = process.argv
await writeReport(fakeArchive(), folder)
