import { DynotuneError } from '../../errors.ts'
import type { Checkpoint } from '../../study/trial.ts'
import { parseWeights, type Weight } from '../weights.ts'
import { isSavedTraining } from './saved-training.ts'

/**
 * The best weights in a trial's checkpoint: among what `train` saved there (`checkpointEvery`), or what `onBest` was made to
 * save. For a study's `test`.
 * @throws DynotuneError `model.invalid` when there are none
 */
export function bestWeights(checkpoint: Pick<Checkpoint, 'load'>): readonly Weight[] {
  const state = checkpoint.load()?.state
  if (!isSavedTraining(state)) return parseWeights(state)
  const [best] = state.progress.kept
  if (best) return best.weights
  throw new DynotuneError('model.invalid', 'Training ended before its first evaluation: there are no best weights.')
}
