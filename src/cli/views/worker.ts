import { createLogUpdate } from 'log-update'
import pino from 'pino'
import { redact } from '../../queue/redis/url.ts'
import { oneLine } from '../../report/format.ts'
import type { RunningWorker, WorkerLog } from '../../worker/contract.ts'
import { isLive } from './create.ts'

/** What shows a worker while it works. */
export interface WorkerView {
  readonly log: WorkerLog
  begin(worker: WorkerStatus): void
  end(): void
}

export type WorkerStatus = Pick<RunningWorker, 'name' | 'slots' | 'counts' | 'state'>

const REDRAW_MS = 500

/**
 * Lines in words and a status line on a terminal; elsewhere, or when asked for, JSON.
 * @param address of Redis, without password
 */
export function createWorkerView(json: boolean, address: string): WorkerView {
  return json || !isLive() ? jsonLog((line) => process.stdout.write(line)) : liveLog(address)
}

/** A JSON object a line: level, time (ISO 8601), pid, hostname, what it is about, msg. Written at once. */
export function jsonLog(print: (line: string) => void): WorkerView {
  const options = { timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level: string) => ({ level }) } }
  return {
    log: pino(options, { write: (line: string) => print(redact(line)) }),
    begin() {},
    end() {},
  }
}

/** What happens scrolls by above a line that is redrawn in place. */
export function liveLog(
  address: string,
  stream: NodeJS.WritableStream & { columns?: number } = process.stdout,
): WorkerView {
  const update = createLogUpdate(stream)
  let worker: WorkerStatus | undefined
  let timer: NodeJS.Timeout | undefined

  function draw(): void {
    if (worker) update(oneLine(statusLine(worker, address), (stream.columns ?? 80) - 1))
  }

  const write = (mark: string) => (about: object, text: string) => {
    update.clear()
    stream.write(`${new Date().toTimeString().slice(0, 8)} ${mark}${eventWords(about, text)}\n`)
    draw()
  }

  return {
    log: { info: write(''), warn: write('warning: '), error: write('error: ') },
    begin(started) {
      worker = started
      timer = setInterval(draw, REDRAW_MS)
      draw()
    },
    end() {
      clearInterval(timer)
      update.clear()
      update.done()
    },
  }
}

/** `finished: trial 3, outcome complete` */
export function eventWords(about: object, text: string): string {
  const facts = Object.entries(about).map(([name, value]) => `${name} ${value}`)
  return redact(oneLine([text, facts.join(', ')].filter(Boolean).join(': '), Number.POSITIVE_INFINITY))
}

/** `worker gpu-1 · 3 of 4 slots busy · 120 finished, 2 lost · redis host:6379` */
export function statusLine({ name, slots, counts, state }: WorkerStatus, address: string): string {
  const { running, finished, lost, refused } = counts()
  const done = [`${finished} finished`, `${lost} lost`, ...(refused > 0 ? [`${refused} refused`] : [])].join(', ')
  const words = { taking: [], leaving: ['leaving'], disconnected: ['no connection'] }[state()]
  return [`worker ${name}`, `${running} of ${slots} slots busy`, done, `redis ${address}`, ...words].join(' · ')
}
