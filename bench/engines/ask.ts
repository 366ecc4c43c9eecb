import { spawnSync } from 'node:child_process'
import { z } from 'zod'

/** The command was ended because it took longer than it was given. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'

  constructor(seconds: number) {
    super(`took longer than ${seconds} s`)
  }
}

const failed = z.object({ error: z.string() })

/**
 * Runs a command that prints JSON on its last line.
 * @throws Error that says why there is no such line: what the command said, how it ended, or that it took too long
 */
export function ask<T>(schema: z.ZodType<T>, command: string, args: readonly string[], seconds: number): T {
  const { stdout, stderr, status, signal, error } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 1000 * seconds,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
  })
  if (error && 'code' in error && error.code === 'ETIMEDOUT') throw new TookTooLong(seconds)
  if (error) throw error
  const answer = parse(lastLine(stdout))
  const failure = failed.safeParse(answer)
  if (failure.success) throw new Error(failure.data.error)
  const result = schema.safeParse(answer)
  if (result.success) return result.data
  throw new Error(complaint(stderr) || `ended with ${signal ?? status} and no answer`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The line that names the error, in a stack of Node's or Python's; else the last. */
function complaint(text: string): string {
  return text.split('\n').findLast((line) => /^\w*(Error|Exception)\b.*: /.test(line)) ?? lastLine(text)
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? ''
}
