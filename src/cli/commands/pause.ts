import type { Argv, CommandModule } from 'yargs'
import { DB, JSON_OUTPUT } from '../options.ts'
import type { RequestArguments } from '../request-command.ts'

export const pause: CommandModule<object, RequestArguments> = {
  command: 'pause <study>',
  describe: 'Let a running study start no more trials for now',
  builder: (yargs): Argv<RequestArguments> =>
    yargs
      .positional('study', { type: 'string', demandOption: true, describe: 'name, or name#number' })
      .options({ db: DB, json: JSON_OUTPUT })
      .example('$0 pause digits', 'running trials go on to their end; dynotune resume goes on')
      .epilogue('The run stays, and its --timeout goes on. When it is ended and started again, it is not paused.'),
  async handler(args) {
    const { requestCommand } = await import('../request-command.ts')
    console.log(requestCommand('pause', args))
  },
}
