import { tensorsIn } from '../../engine/fusion/realize.ts'
import type { Tf } from '../../study/engine.ts'
import type { Checkpoint } from '../../study/trial.ts'
import type { BatchPosition } from '../data/batches.ts'
import type { Model } from '../models/model.ts'
import type { TrainingState } from '../step.ts'
import { checkWeights, readWeights, type Weight } from '../weights.ts'
import type { Progress } from './progress.ts'
import { restoreTree, type SavedTree, saveTree } from './saved-tree.ts'

/** All that training goes on from. Random streams are keyed by step and epoch, so that none has a position to be saved. */
export interface SavedTraining {
  readonly kind: typeof KIND
  readonly progress: Progress
  /** All parameters as they are trained. */
  readonly weights: readonly Weight[]
  readonly optimizer: SavedTree
  /** Of the losses since the last evaluation. */
  readonly lossSum: number
  readonly batches: BatchPosition
  /** What the probes have gathered, by their names. */
  readonly probes: { readonly [name: string]: unknown }
}

/** Tells what `train` saves from what others do, and from what it saved in another form. */
const KIND = 'dynotune/training/1'

/** Reads the device's part of what is to be saved. */
export async function readTraining(
  model: Model,
  state: TrainingState,
  rest: Pick<SavedTraining, 'progress' | 'batches' | 'probes'>,
): Promise<SavedTraining> {
  const [weights, optimizer, [lossSum = 0]] = await Promise.all([
    readWeights(model, state.params),
    saveTree(state.optimized.state),
    state.lossSum.data(),
  ])
  return { kind: KIND, ...rest, weights, optimizer, lossSum }
}

/**
 * What an earlier attempt of the trial saved. Nothing where it saved nothing, or by hand.
 * @throws DynotuneError `model.invalid` when it was of another model
 */
export function loadTraining(checkpoint: Checkpoint, model: Model): SavedTraining | undefined {
  const state = checkpoint.load()?.state
  if (!isSavedTraining(state)) return undefined
  checkWeights(model, state.weights)
  return state
}

/** The state of training that has just begun, with what was saved in its place. */
export function restoreTraining(tf: Tf, state: TrainingState, { optimizer, lossSum }: SavedTraining): TrainingState {
  let restored = state.optimized.state
  tf.tidy(() => {
    restored = restoreTree(tf, state.optimized.state, optimizer)
    return tensorsIn(restored)
  })
  tf.dispose([state.lossSum, tensorsIn(state.optimized.state)])
  return { ...state, optimized: { ...state.optimized, state: restored }, lossSum: tf.scalar(lossSum) }
}

/** It is only ever written by `readTraining`, whole or not at all. */
export function isSavedTraining(state: unknown): state is SavedTraining {
  return typeof state === 'object' && state !== null && 'kind' in state && state.kind === KIND
}
