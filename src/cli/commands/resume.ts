import type { Argv, CommandModule } from 'yargs'
import { DB, JSON_OUTPUT } from '../options.ts'
import type { RequestArguments } from '../request-command.ts'

export const resume: CommandModule<object, RequestArguments> = {
  command: 'resume <study>',
  describe: 'Let a paused study go on',
  builder: (yargs): Argv<RequestArguments> =>
    yargs
      .positional('study', { type: 'string', demandOption: true, describe: 'name, or name#number' })
      .options({ db: DB, json: JSON_OUTPUT })
      .example('$0 resume digits', 'after dynotune pause digits')
      .epilogue('A study whose run has ended goes on with dynotune run.'),
  async handler(args) {
    const { requestCommand } = await import('../request-command.ts')
    console.log(requestCommand('resume', args))
  },
}
