import type { Engine } from '../../src/study/engine.ts'
import { type Typical, typical } from './statistics.ts'
import type { Training } from './training.ts'

/** Milliseconds a step. */
export interface Timing {
  readonly step: Typical
  /** Steps that were measured. */
  readonly steps: number
  /** Until the call returns: the host's share, where the device works by itself. */
  readonly call: number
  /** Forward and backward. */
  readonly gradients: number
  /** Mean loss of the steps measured. */
  readonly loss: number
}

/** Steps are timed in blocks, about so many in the time given. */
const BLOCKS = 25
/** A longer block would let more steps pile up on the device. */
const LONGEST_BLOCK = 25

/**
 * Trains for some seconds after a third of that as a warm-up. Where a single step takes three times as long as that, it is
 * the measurement.
 * @param engine where its `deviceKind` is `processor`, a step is computed before it returns
 */
export async function measure(engine: Device, training: Training, seconds: number): Promise<Timing> {
  const first = await run(engine, training, training.step, 1, 0)
  if (first.ms > 3000 * seconds)
    return timingOf({ ...first, blocks: first.blocks.map((block) => ({ ...block, ms: first.ms })) })
  const warm = await run(engine, training, training.step, 1, 333 * seconds)
  const length = Math.min(LONGEST_BLOCK, Math.max(1, Math.round((1000 * seconds) / BLOCKS / warm.ms)))
  const timing = timingOf(await run(engine, training, training.step, length, 1000 * seconds))
  if (engine.deviceKind === 'processor') return timing
  const alone = await run(engine, training, training.forwardBackward, length, 500 * seconds)
  return { ...timing, gradients: timingOf(alone).step.median }
}

type Device = Pick<Engine, 'deviceKind' | 'synchronize'>

/** Milliseconds a step of a block of them. */
interface Block {
  readonly ms: number
  readonly call: number
  readonly gradients: number
}

interface Run {
  readonly blocks: readonly Block[]
  readonly steps: number
  /** Milliseconds a step over the whole run, the device's last work included. */
  readonly ms: number
  readonly loss: number
}

/** Blocks of steps until the time is over, one at least. Each ends when the loss of the block before has been read. */
async function run(
  engine: Device,
  training: Training,
  work: Training['step'],
  length: number,
  milliseconds: number,
): Promise<Run> {
  await engine.synchronize()
  await training.readLoss()
  const blocks: Block[] = []
  const losses: Promise<number>[] = []
  const start = performance.now()
  do {
    const began = performance.now()
    let gradients = 0
    for (let i = 0; i < length; i++) {
      const begun = performance.now()
      work(() => {
        gradients += performance.now() - begun
      })
    }
    const call = performance.now() - began
    await losses.at(-1)
    losses.push(training.readLoss())
    blocks.push({ ms: (performance.now() - began) / length, call: call / length, gradients: gradients / length })
  } while (performance.now() - start < milliseconds)
  const sums = await Promise.all(losses)
  const steps = length * blocks.length
  const loss = sums.reduce((total, sum) => total + sum, 0) / steps
  return { blocks, steps, ms: (performance.now() - start) / steps, loss }
}

function timingOf({ blocks, steps, loss }: Run): Timing {
  const median = (of: (block: Block) => number) => typical(blocks.map(of)).median
  return {
    step: typical(blocks.map(({ ms }) => ms)),
    steps,
    call: median(({ call }) => call),
    gradients: median(({ gradients }) => gradients),
    loss,
  }
}
