import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { isAlive } from './processes.ts'

export const CLI = fileURLToPath(new URL('../../bin/dynotune.js', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliProcess {
  readonly child: ChildProcess
  readonly pid: number
  stdout(): string
  /** Resolves when the process has ended. */
  readonly ended: Promise<CliResult>
}

/** Starts the command line program in a folder; it is killed with the test if it has not ended by then. */
export function startCli(words: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}): CliProcess {
  const child = spawn(process.execPath, [CLI, ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise<CliResult>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
  return { child, pid: child.pid ?? 0, stdout: () => stdout, ended }
}

/** Runs the command line program to its end. */
export function cli(words: readonly string[], cwd: string, environment?: NodeJS.ProcessEnv): Promise<CliResult> {
  return startCli(words, cwd, environment).ended
}

/** The living trainer processes of a scheduler, by the kernel's own list. */
export function trainersOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
      .map(Number)
      .filter((child) => child > 0 && isAlive(child))
  } catch {
    return []
  }
}
