import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Random } from '../numerics/random.ts'
import type { Tf } from '../study/engine.ts'
import type { Batch } from './data/batch.ts'
import { gradientsOf } from './gradients.ts'
import type { Model } from './models/model.ts'
import { applyGradients, disposeReplaced, startOptimizer } from './optimizers/apply-gradients.ts'
import type { Optimized } from './optimizers/optimized.ts'
import type { Transformation } from './optimizers/transformation.ts'
import { isTrained } from './parameter.ts'
import type { Task } from './tasks/task.ts'
import { toTensors, type Weight } from './weights.ts'

/** What stays the same from step to step. */
export interface Training {
  readonly model: Model
  readonly task: Task
  readonly optimizer: Transformation
}

/** What training carries from step to step. `disposeTraining` disposes it. */
export interface TrainingState {
  /** All parameters, in the order of the model's. */
  readonly params: readonly Tensor[]
  /** The trained ones among them, with the state of their optimizer. */
  readonly optimized: Optimized
  /** Scalar: losses summed on the device since it was last reset, so that no step waits for a read. */
  readonly lossSum: Tensor
}

export function startTraining(tf: Tf, { model, optimizer }: Training, weights: readonly Weight[]): TrainingState {
  const params = toTensors(tf, weights)
  const about = model.parameters.filter(isTrained)
  const trained = params.filter((_, i) => model.parameters[i] && isTrained(model.parameters[i]))
  return { params, optimized: startOptimizer(tf, optimizer, trained, about), lossSum: tf.scalar(0) }
}

/**
 * One step on one batch: the state after it. The state before must not be read any more, but in clones: its memory is
 * reused, and what the state after does not share with it is disposed. Of embedding tables only those rows are read,
 * differentiated, updated and written that the batch touches, where the batch knows them.
 * @param batch makes the batch's tensors, which are disposed after the step
 * @param random what the model draws from while training
 */
export function trainStep(
  tf: Tf,
  { model, task, optimizer }: Training,
  state: TrainingState,
  batch: () => Batch,
  random: Random,
): TrainingState {
  const { gradients, lossSum, statistics, tables } = tf.tidy(() => {
    const examples = batch()
    const tables = touchedTables(tf, model, state.params, examples)
    const options = { random, rows: new Map(Object.entries(tables)) }
    const { loss, gradients, statistics } = gradientsOf(tf, model, task, state.params, examples, options)
    return { gradients, statistics, lossSum: tf.add(state.lossSum, loss), tables }
  })
  const touched = state.optimized.about.flatMap(({ name }, i) => (tables[name] ? [[i, tables[name]] as const] : []))
  const options = { touched: new Map(touched), isSpent: true }
  const optimized = applyGradients(tf, optimizer, state.optimized, gradients, options)
  tf.dispose([gradients, tables])
  let next = 0
  const params = model.parameters.map((parameter, i) => {
    const after = isTrained(parameter) ? optimized.params[next++] : statistics[parameter.name]
    return after ?? state.params[i] ?? tf.scalar(0)
  })
  const after = { params, optimized, lossSum }
  disposeTraining(state, after)
  return after
}

/** For each trained table of a model, by its name: the rows that a batch touches, their numbers, and who touches which. */
function touchedTables(tf: Tf, model: Model, params: readonly Tensor[], { touched, labels }: Batch) {
  const tables: { [name: string]: { ids: Tensor1D; values: Tensor; places: Tensor } } = {}
  const known = new Map<string, { ids: Tensor1D; places: Tensor }>()
  for (const [i, parameter] of model.parameters.entries()) {
    const { name, role, input } = parameter
    const table = params[i]
    if (role !== 'embedding' || !input || !table || !touched || !isTrained(parameter)) continue
    let found = known.get(input)
    if (!found) {
      const { ids, places, shape } = touched(input)
      found = {
        ids: tf.tensor1d(ids, 'int32'),
        places: tf.tensor(places, [labels.shape[0] ?? 0, ...shape], 'int32'),
      }
      known.set(input, found)
    }
    tables[name] = { ...found, values: tf.gather(table, found.ids) }
  }
  return tables
}

/** Disposes a state: of its tensors those that `next` does not hold as well. */
export function disposeTraining(state: TrainingState, next?: TrainingState): void {
  const kept = new Set(next?.params)
  disposeReplaced(state.optimized, ...(next ? [next.optimized] : []))
  for (const tensor of state.params) if (!kept.has(tensor) && !tensor.isDisposed) tensor.dispose()
  if (state.lossSum !== next?.lossSum) state.lossSum.dispose()
}
