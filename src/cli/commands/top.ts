import type { Argv, CommandModule } from 'yargs'
import { JSON_OUTPUT, PREFIX, REDIS } from '../options.ts'
import type { TopArguments } from '../top-command.ts'

export const top: CommandModule<object, TopArguments> = {
  command: 'top',
  describe: 'Show the workers of a Redis and what waits for them, refreshed',
  builder: (yargs): Argv<TopArguments> =>
    yargs
      .options({
        redis: REDIS,
        prefix: PREFIX,
        once: { type: 'boolean', default: false, describe: 'print it once' },
        json: { ...JSON_OUTPUT, describe: 'print it once, as JSON, as where the output is no terminal' },
      })
      .example('$0 top --redis redis://gpu-host:6379', 'every second, until Ctrl-C')
      .example('$0 top --redis redis://gpu-host --json', 'for a script'),
  async handler(args) {
    const { topCommand } = await import('../top-command.ts')
    process.exitCode = await topCommand(args)
  },
}
