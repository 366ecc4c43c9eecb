import yargs from 'yargs'
import { DynotuneError, describeError } from '../errors.ts'
import { packageVersion } from '../runner/environment.ts'
import { attach } from './commands/attach.ts'
import { cancel } from './commands/cancel.ts'
import { doctor } from './commands/doctor.ts'
import { engine } from './commands/engine.ts'
import { exportStudy } from './commands/export.ts'
import { list } from './commands/list.ts'
import { pause } from './commands/pause.ts'
import { report } from './commands/report.ts'
import { resume } from './commands/resume.ts'
import { run } from './commands/run.ts'
import { schedule } from './commands/schedule.ts'
import { show } from './commands/show.ts'
import { top } from './commands/top.ts'
import { worker } from './commands/worker.ts'
import { exitCodeOf } from './exit.ts'

/** Runs one command line; sets the process's exit code: 0 done, 1 failed, 2 bad use, 130 interrupted. */
export async function main(words: readonly string[]): Promise<void> {
  // Whoever reads may have heard enough (`| head`): the command goes on, or a study would stop half-way.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  try {
    await parser(words).parseAsync()
  } catch (error) {
    process.stderr.write(`error: ${describeError(error)}\n`)
    process.exitCode = exitCodeOf(error)
  }
}

function parser(words: readonly string[]) {
  return yargs(words)
    .scriptName('dynotune')
    .usage(
      '$0 <command>\n\nTunes hyperparameters: runs the trials of a study, keeps every result, reports what they mean.',
    )
    .command(run)
    .command(attach)
    .command(worker)
    .command(top)
    .command(pause)
    .command(resume)
    .command(cancel)
    .command(list)
    .command(show)
    .command(report)
    .command(exportStudy)
    .command(schedule)
    .command(doctor)
    .command(engine)
    .example('$0 run studies/digits.ts', 'run a study, or continue it')
    .example('$0 show digits', 'the best trials of a study')
    .example('$0 run --help', 'the options of a command')
    .epilogue('Exit codes: 0 done, 1 failed, 2 bad use, 130 interrupted.')
    .version(packageVersion())
    .demandCommand(1, 'Name a command; dynotune --help lists them.')
    .middleware(keepLast, true)
    .strict()
    .recommendCommands()
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      // What yargs itself has to say comes with a message, or as its own kind of error; the rest is from a command.
      throw error && error.name !== 'YError' ? error : badUse(message || error.message)
    })
}

/** What takes several words: schedules to plot, wheels to install, labels of a worker. */
const LISTS = ['_', 'spec', 'wheel', 'label']

/** Of an option that is given twice the last counts, as in other programs: a command never sees a list of them. */
function keepLast(args: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value) && !LISTS.includes(name)) args[name] = value.at(-1)
  }
}

function badUse(message: string): DynotuneError {
  const unknown = /^Unknown/.test(message)
  return new DynotuneError(unknown ? 'option.unknown' : 'option.invalid', message, {
    remedy: 'see dynotune --help, or --help after a command',
  })
}
