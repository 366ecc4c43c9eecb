import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { averagedParams } from '../optimizers/apply-gradients.ts'
import type { Training, TrainingState } from '../step.ts'

/** All parameters as they are evaluated: averaged where the optimizer averages. The caller disposes them. */
export function evaluatedParams(tf: Tf, { model, optimizer }: Training, state: TrainingState): Tensor[] {
  const averaged = averagedParams(tf, optimizer, state.optimized)
  const places = new Map(state.optimized.about.map(({ name }, i) => [name, i]))
  return model.parameters.map(({ name }, i) => {
    const tensor = averaged[places.get(name) ?? -1] ?? state.params[i]?.clone()
    return tensor ?? tf.scalar(Number.NaN)
  })
}
