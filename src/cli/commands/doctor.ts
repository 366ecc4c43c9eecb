import type { CommandModule } from 'yargs'
import { JSON_OUTPUT } from '../options.ts'

export const doctor: CommandModule<object, { readonly json: boolean }> = {
  command: 'doctor',
  describe: 'Say what this machine has: Node, memory, engines',
  builder: (yargs) =>
    yargs
      .options({ json: JSON_OUTPUT })
      .example('$0 doctor', 'what works here and what would improve it')
      .example('$0 doctor --json', 'the same, for a script'),
  async handler({ json }) {
    const { examine, examinationText } = await import('../doctor-command.ts')
    const findings = await examine()
    console.log(json ? JSON.stringify(findings, null, 2) : examinationText(findings))
  },
}
