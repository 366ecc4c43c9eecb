import { examine } from './doctor/examination.ts'
import { examinationText } from './doctor/text.ts'
import { EXIT } from './exit.ts'

export interface DoctorArguments {
  readonly json: boolean
  readonly quick: boolean
}

/** `dynotune doctor`: prints what the machine has. Returns the exit code: 0 when at least one engine works. */
export async function doctorCommand({ json, quick }: DoctorArguments): Promise<number> {
  const { stderr } = process
  const progress = (text: string) => stderr.isTTY && stderr.write(`\r\x1b[K${text}`)
  const examination = await examine(quick, (name) => progress(`trying ${name} …`))
  progress('')
  console.log(json ? JSON.stringify(examination, null, 2) : examinationText(examination))
  return examination.engines.some(({ status }) => status === 'found') ? EXIT.done : EXIT.failed
}
