import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { WorkerOptions } from '../../src/worker/contract.ts'
import { temporaryFolder } from './folder.ts'
import { isAlive, killHard, until } from './processes.ts'

/** What is common to the run and the workers of one test: nobody else's keys, and a secret. */
export function shared(url: string) {
  return { url, prefix: `test-${randomBytes(4).toString('hex')}`, secret: randomBytes(16).toString('hex') }
}

export interface Process {
  readonly child: ChildProcess
  readonly pid: number
  output(): string
  /** `kill -9`, over when it is gone. */
  kill(): Promise<void>
}

/** A worker in a process of its own, once it has joined. It notices and is noticed within a second or two. */
export async function workerProcess(options: Partial<WorkerOptions> & { readonly url: string }): Promise<Process> {
  const quick = { lockMs: 2000, announceMs: 300, absentAfterMs: 1500 }
  const all = { slots: 1, engine: 'cpu', cache: temporaryFolder(), ...quick, ...options }
  const worker = launch('worker', [JSON.stringify(all)], { DYNOTUNE_SECRET: options.secret ?? '' })
  await until(() => worker.output().includes('joined'), 'the worker to join')
  return worker
}

/** A script of `fixtures/processes` that is killed at the end of the test at the latest. */
export function launch(script: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Process {
  const file = fileURLToPath(new URL(`../fixtures/processes/${script}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, ...words], { env: { ...process.env, ...env } })
  const pid = child.pid ?? 0
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  child.stderr.on('data', (text) => {
    output += text
  })
  const kill = async () => {
    killHard(pid)
    await until(() => !isAlive(pid), `${script} to be gone`)
  }
  onTestFinished(kill)
  return { child, pid, output: () => output, kill }
}
