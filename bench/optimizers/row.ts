/*
 * One row of the benchmark in a process of its own: an engine takes steps of an optimizer. Prints a line of JSON.
 *
 *   node bench/optimizers/row.ts ENGINE OPTIMIZER SECONDS
 */
import { writeSync } from 'node:fs'
import { tensorsIn } from '../../src/engine/fusion/realize.ts'
import { applyGradients, disposeReplaced, startOptimizer } from '../../src/train/optimizers/apply-gradients.ts'
import { openEngine } from '../engines/engine.ts'
import { typical } from '../engines/statistics.ts'
import { copyMs } from './copy.ts'
import { parametersOf, tensorsFor } from './parameters.ts'
import type { MeasuredRow } from './result.ts'
import { SUBJECTS } from './subjects.ts'

/** Steps are timed in blocks, about so many in the time given. */
const BLOCKS = 25

const [engine = '', name = '', seconds = ''] = process.argv.slice(2)
try {
  answer(await row(Number(seconds)))
} catch (error) {
  answer({ error: error instanceof Error ? error.message : String(error) })
}
// An engine may leave threads and timers of its own.
process.exit()

async function row(time: number): Promise<MeasuredRow> {
  const { optimizer, cycle = 1, tables = false } = SUBJECTS[name] ?? unknown()
  const { tf, device, deviceKind, synchronize } = await openEngine(engine)
  const about = parametersOf(tables)
  const gradients = tensorsFor(tf, about, 0.01, 2)
  let optimized = startOptimizer(tf, optimizer, tensorsFor(tf, about, 0.05, 1), about)

  /** Milliseconds a step of each block. */
  async function run(length: number, milliseconds: number): Promise<number[]> {
    const blocks: number[] = []
    const start = performance.now()
    do {
      const began = performance.now()
      for (let i = 0; i < length; i++) {
        const next = applyGradients(tf, optimizer, optimized, gradients, { isSpent: true })
        disposeReplaced(optimized, next)
        optimized = next
      }
      await synchronize()
      blocks.push((performance.now() - began) / length)
    } while (performance.now() - start < milliseconds)
    return blocks
  }

  const warm = typical(await run(cycle, 333 * time)).median
  const length = cycle * Math.max(1, Math.round((1000 * time) / BLOCKS / warm / cycle))
  const blocks = await run(length, 1000 * time)
  const { median, low, high } = typical(blocks)
  const count = (tensors: readonly { size: number }[]) => tensors.reduce((sum, { size }) => sum + size, 0)
  const parameters = count(optimized.params)
  const stateNumbers = count(tensorsIn(optimized.state))
  return {
    device,
    parameters,
    stateNumbers,
    steps: blocks.length * length,
    stepMs: median,
    stepMsLow: low,
    stepMsHigh: high,
    // Parameters and state are read and written, gradients read: as much as half of that copied.
    floorMs: deviceKind === 'processor' ? copyMs(parameters + stateNumbers + parameters / 2) : null,
  }
}

function unknown(): never {
  throw new RangeError(`There is no optimizer ${name}.`)
}

function answer(result: unknown): void {
  writeSync(1, `${JSON.stringify(result)}\n`)
}
