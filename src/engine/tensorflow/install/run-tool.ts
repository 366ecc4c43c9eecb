import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { DynotuneError } from '../../../errors.ts'

/** Lines of a failed program that an error shows. */
const TAIL = 25

export interface ToolOptions {
  /** What the program is to do, for the error: "compile the addon". */
  readonly task: string
  readonly remedy: string
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: AbortSignal | undefined
  /** Hears every line of output as it comes. */
  onLine?(line: string): void
}

/**
 * Runs a program to its end. When `signal` aborts, the program is killed with all that it has started.
 * @returns its standard output
 * @throws DynotuneError `engine.install` with the last lines it wrote; or the signal's reason
 */
export async function runTool(
  command: string,
  args: readonly string[],
  { task, remedy, cwd, env = process.env, signal, onLine }: ToolOptions,
): Promise<string> {
  signal?.throwIfAborted()
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const output: string[] = []
  const tail: string[] = []
  const hear = (line: string) => {
    tail.push(line)
    if (tail.length > TAIL) tail.shift()
    onLine?.(line)
  }
  createInterface(child.stdout).on('line', (line) => {
    output.push(line)
    hear(line)
  })
  createInterface(child.stderr).on('line', hear)
  const kill = () => killGroup(child.pid)
  signal?.addEventListener('abort', kill, { once: true })
  const ended = await new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => resolve(message))
    child.once('close', (code, by) => resolve(code === 0 ? undefined : by ? `signal ${by}` : `exit code ${code}`))
  })
  signal?.removeEventListener('abort', kill)
  signal?.throwIfAborted()
  if (ended === undefined) return output.join('\n')
  throw new DynotuneError('engine.install', `Could not ${task}: ${command} ended with ${ended}.`, {
    path: 'tensorflow',
    remedy,
    ...(tail.length > 0 && { cause: said(tail) }),
  })
}

/** What a program wrote, as the cause of an error: without a stack, which would be of this program. */
export function said(lines: readonly string[]): Error {
  const cause = new Error(lines.join('\n'))
  cause.stack = cause.message
  return cause
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}
