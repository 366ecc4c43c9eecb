import type { Argv, CommandModule } from 'yargs'
import { DB, JSON_OUTPUT } from '../options.ts'
import type { RequestArguments } from '../request-command.ts'

export const cancel: CommandModule<object, RequestArguments> = {
  command: 'cancel <study> [trial]',
  describe: 'Stop a running study now, or one of its trials for good',
  builder: (yargs): Argv<RequestArguments> =>
    yargs
      .positional('study', { type: 'string', demandOption: true, describe: 'name, or name#number' })
      .positional('trial', { type: 'string', describe: 'the number of a trial that has not finished' })
      .options({ db: DB, json: JSON_OUTPUT })
      .example('$0 cancel digits', 'kills what runs, keeps what has finished; dynotune run goes on')
      .example('$0 cancel digits 17', 'trial 17 is failed and not tried again; the others go on'),
  async handler(args) {
    const { requestCommand } = await import('../request-command.ts')
    console.log(requestCommand('cancel', args))
  },
}
