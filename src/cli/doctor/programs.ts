import { execFile } from 'node:child_process'

/** What a program prints on standard output, or undefined where it is not there, fails or takes longer than 5 s. */
export function outputOf(program: string, ...words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, words, { timeout: 5000, killSignal: 'SIGKILL', windowsHide: true }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    )
  })
}
