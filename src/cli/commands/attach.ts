import type { Argv, CommandModule } from 'yargs'
import type { AttachArguments } from '../attach-command.ts'
import { DB, JSON_OUTPUT, OUT } from '../options.ts'
import { WORKERS } from './run.ts'

export const attach: CommandModule<object, AttachArguments> = {
  command: 'attach <study>',
  describe: 'Follow a run from anywhere; take it over if whoever ran it has died',
  builder: (yargs): Argv<AttachArguments> =>
    yargs
      .positional('study', { type: 'string', demandOption: true, describe: 'name, or name#number' })
      .options({
        ...WORKERS,
        db: DB,
        out: OUT,
        json: { ...JSON_OUTPUT, describe: 'print one JSON object a line for each event, then a summary' },
      })
      .example('$0 attach digits --redis redis://gpu-host:6379', 'go on with it on the workers of a Redis')
      .epilogue(
        'Needs the database and no study file: runs with --redis keep the study there. A run that dies is taken over at once on its own machine, after 30 s on another.',
      ),
  async handler(args) {
    const { attachCommand } = await import('../attach-command.ts')
    process.exitCode = await attachCommand(args)
  },
}
