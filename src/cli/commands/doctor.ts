import type { Argv, CommandModule } from 'yargs'
import type { DoctorArguments } from '../doctor-command.ts'
import { JSON_OUTPUT } from '../options.ts'

export const doctor: CommandModule<object, DoctorArguments> = {
  command: 'doctor',
  describe: 'Say what this machine has: engines and how fast they are, Node, SQLite, Redis',
  builder: (yargs): Argv<DoctorArguments> =>
    yargs
      .options({
        quick: { type: 'boolean', default: false, describe: 'try the engines without measuring them' },
        json: JSON_OUTPUT,
      })
      .example('$0 doctor', 'what works here, how fast it is and what would improve it')
      .example('$0 doctor --quick', 'the same without the speeds')
      .example('$0 doctor --json', 'all of it, for a script')
      .epilogue('Exit code 0 when at least one engine works.'),
  async handler(args) {
    const { doctorCommand } = await import('../doctor-command.ts')
    process.exitCode = await doctorCommand(args)
  },
}
