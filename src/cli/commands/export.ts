import type { CommandModule } from 'yargs'
import { DB } from '../options.ts'

interface ExportArguments {
  readonly study: string
  readonly format: 'csv' | 'json'
  readonly measurements: boolean
  readonly db: string
}

export const exportStudy: CommandModule<object, ExportArguments> = {
  command: 'export <study>',
  describe: 'Print all trials of a study as CSV or JSON',
  builder: (yargs) =>
    yargs
      .positional('study', { type: 'string', demandOption: true, describe: 'name, or name#number' })
      .options({
        format: {
          choices: ['csv', 'json'] as const,
          default: 'csv' as const,
          requiresArg: true,
          describe: 'what to print',
        },
        measurements: {
          type: 'boolean',
          default: false,
          describe: 'every measurement of every trial instead of the trials',
        },
        db: DB,
      })
      .example('$0 export digits --format csv > digits.csv', 'one row a trial')
      .example('$0 export digits --format json | jq .trials[0]', 'the same, nested')
      .example('$0 export digits --measurements > curves.csv', 'one row a measurement'),
  async handler({ study, format, measurements, db }) {
    const { openExisting, findStudy } = await import('../stored.ts')
    const { exportText } = await import('../export-command.ts')
    const store = openExisting(db)
    try {
      for (const part of exportText(store.archive(findStudy(store, study)), format, measurements))
        process.stdout.write(part)
    } finally {
      store.close()
    }
  },
}
