import type { CommandModule } from 'yargs'
import { DB, OUT } from '../options.ts'

export const report: CommandModule<object, { readonly study: string; readonly db: string; readonly out: string }> = {
  command: 'report <study>',
  describe: 'Write the report of a study again',
  builder: (yargs) =>
    yargs
      .positional('study', { type: 'string', demandOption: true, describe: 'name, or name#number' })
      .options({ db: DB, out: OUT })
      .example('$0 report digits', 'writes reports/digits/README.md, figures and data')
      .example('$0 report digits#2 --out elsewhere', 'the second study, into another folder'),
  async handler({ study, db, out }) {
    const { openExisting, findStudy, reportFolder } = await import('../stored.ts')
    const { writeReport } = await import('../../report/report.ts')
    const store = openExisting(db)
    try {
      const record = findStudy(store, study)
      const { readme } = await writeReport(store.archive(record), reportFolder(out, record))
      console.log(readme)
    } finally {
      store.close()
    }
  },
}
