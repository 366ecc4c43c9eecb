import type { CommandModule } from 'yargs'
import { DB, JSON_OUTPUT, wholeNumber } from '../options.ts'

interface ShowArguments {
  readonly study: string
  readonly trial: string | undefined
  readonly db: string
  readonly json: boolean
}

export const show: CommandModule<object, ShowArguments> = {
  command: 'show <study>',
  describe: 'Show a study: its best trials, or one trial whole',
  builder: (yargs) =>
    yargs
      .positional('study', { type: 'string', demandOption: true, describe: 'name, or name#number' })
      .options({
        trial: { type: 'string', requiresArg: true, describe: 'show this trial: parameters, reason, output' },
        db: DB,
        json: JSON_OUTPUT,
      })
      .example('$0 show digits', 'the best ten trials')
      .example('$0 show digits#2 --trial 17', 'everything about trial 17 of the second study'),
  async handler({ study, trial, db, json }) {
    const { openExisting, findStudy } = await import('../stored.ts')
    const { showStudy, showTrial } = await import('../show-command.ts')
    const store = openExisting(db)
    try {
      const number = wholeNumber('--trial', trial, 0)
      const archive = store.archive(findStudy(store, study))
      console.log(number === undefined ? showStudy(archive, json) : showTrial(archive, number, json))
    } finally {
      store.close()
    }
  },
}
