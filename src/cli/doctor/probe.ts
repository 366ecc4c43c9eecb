import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { EngineDescription } from '../../engine/describe.ts'
import type { ProductRate } from '../../engine/measure-products.ts'
import { ownFile } from '../../runner/own-file.ts'
import { lineSplitter } from '../../runner/protocol.ts'
import type { Engine } from '../../study/engine.ts'
import type { TrainingRate } from './measure-training.ts'

/** How it stands with an engine, and how fast it is. */
export interface EngineFinding extends EngineDescription {
  /** Absent when not found, and when measuring was not asked for. */
  readonly measured?: { readonly products: ProductRate; readonly training: TrainingRate }
}

/** What a probe says of its engine, on a pipe of its own, since libraries print what they like; the last one counts. */
export interface ProbeMessage {
  readonly description: EngineFinding
  readonly isLast: boolean
}

/** File descriptor on which a probe writes `ProbeMessage`s, a line each. */
export const PROBE_FD = 3

const ENTRY = ownFile('../../workers/engine-probe')
const LIMIT_SECONDS = 60
/** Of what a library printed before it took its process down. */
const LAST_LINES = 4
const LAST_CHARACTERS = 4096

export interface ProbeOptions {
  /** Loads without measuring. Default false. */
  readonly quick?: boolean
  /** Seconds without a message. Default 60: the first use of a GPU may compile for a long while. */
  readonly limit?: number
  /** The program to start, as a file URL; tests put their own in. */
  readonly entry?: URL
}

/**
 * Tries an engine in a process of its own: a native library that takes its process down, or never comes back, is a finding
 * rather than the end. Never throws.
 */
export function probeEngine(name: Engine['name'], options: ProbeOptions = {}): Promise<EngineFinding> {
  const { quick = false, limit = LIMIT_SECONDS, entry = ENTRY } = options
  const child = spawn(process.execPath, [fileURLToPath(entry), name, ...(quick ? ['--quick'] : [])], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let last: ProbeMessage | undefined
  let printed = ''
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, limit * 1000)

  const keep = (text: string) => {
    printed = (printed + text).slice(-LAST_CHARACTERS)
  }
  child.stdout?.setEncoding('utf8').on('data', keep)
  child.stderr?.setEncoding('utf8').on('data', keep)
  const messages = child.stdio[PROBE_FD]
  const take = lineSplitter((line) => {
    last = JSON.parse(line)
    timer.refresh()
    // Some libraries crash when a process ends by itself, which no trainer does either.
    if (last?.isLast) child.kill('SIGKILL')
  })
  if (messages instanceof Readable) messages.setEncoding('utf8').on('data', take)

  return new Promise((resolve) => {
    const conclude = (how: string) => {
      clearTimeout(timer)
      resolve(last?.isLast ? last.description : broken(name, last, how, printed))
    }
    child.once('error', (error) => conclude(`could not be started: ${error.message}`))
    child.once('close', (code, signal) => {
      if (isLate) conclude(`gave no answer for ${limit} s`)
      else conclude(signal ? `died of ${signal}` : `ended with exit code ${code}`)
    })
  })
}

function broken(name: Engine['name'], last: ProbeMessage | undefined, how: string, printed: string): EngineFinding {
  const when = last ? `while computing on ${last.description.device}` : 'while loading'
  const lines = printed.trim().split('\n').slice(-LAST_LINES)
  const words = lines.some((line) => line !== '') ? `, after these words:\n${lines.join('\n')}` : '.'
  return { name, status: 'broken', detail: `Its process ${how} ${when}${words}` }
}
