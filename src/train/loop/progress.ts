import type { PlateauState } from '../schedules/reduce-on-plateau.ts'
import type { TrainingConfig } from './config.ts'
import type { Best, Evaluation } from './result.ts'
import { notReached, type Reached } from './targets.ts'

/** Where training stands, but for what is on the device: plain data. */
export interface Progress {
  step: number
  examples: number
  /** Of training, and of that waiting for examples. */
  seconds: number
  stalled: number
  /** The step of the last evaluation that was begun. */
  evaluated: number
  /** The loss of the first step, once it has been read. */
  startLoss?: number
  plateau?: PlateauState
  curve: readonly Evaluation[]
  /** Best first. */
  kept: readonly Best[]
  targets: readonly Reached[]
}

export function startProgress({ targets = [], reduceOnPlateau }: TrainingConfig): Progress {
  return {
    ...{ step: 0, examples: 0, seconds: 0, stalled: 0, evaluated: 0, curve: [], kept: [] },
    targets: targets.map(notReached),
    ...(reduceOnPlateau && { plateau: reduceOnPlateau.start() }),
  }
}
