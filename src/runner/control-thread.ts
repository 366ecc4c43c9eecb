import { readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { parentPort, workerData } from 'node:worker_threads'
import { CONTROL_FD, decode, lineSplitter, type ToTrainer } from './protocol.ts'

/*
 * The thread of a trainer that listens to the supervisor. Training may keep the main thread busy for minutes, so it is
 * this thread that notices a stop, which it leaves in shared memory, and the end of the supervisor, on which it kills the
 * whole process group at once: an orphan would go on computing what nobody will record.
 */
const stoppedFence = new BigInt64Array(workerData.stoppedFence)
const buffer = Buffer.allocUnsafe(65_536)
const decoder = new StringDecoder('utf8')

const take = lineSplitter((line) => {
  const message = decode<ToTrainer>(line)
  if (message.type === 'stop') Atomics.store(stoppedFence, 0, BigInt(message.fence))
  parentPort?.postMessage(message)
})

for (;;) {
  const length = read()
  if (length === 0) {
    try {
      process.kill(-process.pid, 'SIGKILL')
    } catch {
      process.kill(process.pid, 'SIGKILL')
    }
  }
  take(decoder.write(buffer.subarray(0, length)))
}

/** Blocks until there is something to read; 0 at the end of the pipe, or when it is broken. */
function read(): number {
  try {
    return readSync(CONTROL_FD, buffer)
  } catch {
    return 0
  }
}
