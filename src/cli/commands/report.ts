import type { CommandModule } from 'yargs'
import { DB, OUT } from '../options.ts'

interface ReportArguments {
  readonly study: string
  readonly format: 'markdown' | 'html'
  readonly db: string
  readonly out: string
}

export const report: CommandModule<object, ReportArguments> = {
  command: 'report <study>',
  describe: 'Write the report of a study again',
  builder: (yargs) =>
    yargs
      .positional('study', { type: 'string', demandOption: true, describe: 'name, or name#number' })
      .options({
        format: {
          choices: ['markdown', 'html'] as const,
          default: 'markdown' as const,
          requiresArg: true,
          describe: 'a README with its files, or one page for browsers',
        },
        db: DB,
        out: OUT,
      })
      .example('$0 report digits', 'writes reports/digits/README.md, figures and data')
      .example('$0 report digits --format html', 'writes reports/digits/report.html, with figures to zoom into')
      .example('$0 report digits#2 --out elsewhere', 'the second study, into another folder'),
  async handler({ study, format, db, out }) {
    const { openExisting, findStudy, reportFolder } = await import('../stored.ts')
    const { writePage, writeReport } = await import('../../report/report.ts')
    const store = openExisting(db)
    try {
      const record = findStudy(store, study)
      const archive = store.archive(record)
      const folder = reportFolder(out, record)
      console.log(format === 'html' ? await writePage(archive, folder) : (await writeReport(archive, folder)).readme)
    } finally {
      store.close()
    }
  },
}
