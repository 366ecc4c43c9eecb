import { setImmediate } from 'node:timers/promises'
import type { Tf } from '../study/engine.ts'
import type { Trial } from '../study/trial.ts'
import { createBatches } from './data/batches.ts'
import { type Dataset, takeRows } from './data/dataset.ts'
import { evaluateClassifier } from './evaluate.ts'
import type { Model } from './models/model.ts'
import type { Transformation } from './optimizers/transformation.ts'
import { startTraining, type TrainingState, trainStep } from './step.ts'
import { readWeights, type Weight } from './weights.ts'

export interface TrainingConfig {
  readonly model: Model
  readonly optimizer: Transformation
  readonly train: Dataset
  readonly validation: Dataset
  /** Rows a step. */
  readonly batchSize: number
  /** Steps to train: the budget that makes trials comparable. */
  readonly steps: number
  /** Steps between evaluations; the last step is always evaluated. */
  readonly evaluateEvery: number
  /** Called after every evaluation that is the best so far: the place to save a checkpoint. */
  onBest?(best: Best): void
}

/** What the loop needs of a trial: it reports evaluations to it, asks it whether to stop, draws from its streams. */
export type TrainingTrial = Pick<Trial<unknown>, 'report' | 'shouldStop' | 'random'>

/** Losses in nats. `trainLoss` is the mean over the steps since the evaluation before, with dropout on. */
export type Evaluation = {
  readonly step: number
  readonly trainLoss: number
  readonly validationLoss: number
  readonly validationAccuracy: number
}

export interface Best extends Evaluation {
  readonly weights: readonly Weight[]
}

export interface TrainingResult {
  /** `diverged`: a loss was no longer finite, reported as NaN. `stopped`: the trial asked for it. */
  readonly outcome: 'finished' | 'stopped' | 'diverged'
  /** Steps trained. */
  readonly steps: number
  /** The evaluation with the highest validation accuracy, of those the one with the lowest loss; the first if equal. */
  readonly best?: Best
}

/**
 * Trains a classifier for a number of steps. Follows from the trial's random streams alone, leaves no tensors behind, and
 * lets the event loop run after every step. Losses are read from the device only when evaluating.
 * @throws DynotuneError `model.invalid`, `data.invalid`; and whatever `report` or `onBest` throws
 */
export async function trainClassifier(tf: Tf, trial: TrainingTrial, config: TrainingConfig): Promise<TrainingResult> {
  const { model, optimizer, train, batchSize, steps, evaluateEvery, onBest } = config
  const batches = createBatches(train.rows, batchSize, trial.random('batches'))
  const dropout = trial.random('dropout')
  let state = startTraining(tf, model.init(trial.random('weights')), optimizer)
  let best: Best | undefined
  let evaluated = 0
  const ended = (outcome: TrainingResult['outcome'], at: number) => ({ outcome, steps: at, ...(best && { best }) })
  try {
    for (let step = 1; step <= steps; step++) {
      state = trainStep(tf, model, optimizer, state, takeRows(train, batches.next().value), dropout)
      await setImmediate()
      if (step % evaluateEvery === 0 || step === steps) {
        const evaluation = await evaluate(tf, state, step, step - evaluated, config)
        evaluated = step
        trial.report(evaluation)
        if (Number.isNaN(evaluation.validationLoss)) return ended('diverged', step)
        if (isBetter(evaluation, best)) {
          best = { ...evaluation, weights: await readWeights(state.params) }
          onBest?.(best)
        }
        state = withoutLosses(tf, state)
      }
      if (trial.shouldStop()) return ended('stopped', step)
    }
    return ended('finished', steps)
  } finally {
    tf.dispose(state)
  }
}

/** All losses are NaN as soon as one is not finite: a single step's is in the sum. */
async function evaluate(
  tf: Tf,
  state: TrainingState,
  step: number,
  steps: number,
  { model, validation }: TrainingConfig,
): Promise<Evaluation> {
  const [lossSum = Number.NaN] = await state.lossSum.data()
  const { loss, accuracy } = await evaluateClassifier(tf, model, state.params, validation)
  return Number.isFinite(lossSum) && Number.isFinite(loss)
    ? { step, trainLoss: lossSum / steps, validationLoss: loss, validationAccuracy: accuracy }
    : { step, trainLoss: Number.NaN, validationLoss: Number.NaN, validationAccuracy: Number.NaN }
}

function withoutLosses(tf: Tf, state: TrainingState): TrainingState {
  state.lossSum.dispose()
  return { ...state, lossSum: tf.scalar(0) }
}

function isBetter(a: Evaluation, b: Evaluation | undefined): boolean {
  if (!b || a.validationAccuracy !== b.validationAccuracy) return !b || a.validationAccuracy > b.validationAccuracy
  return a.validationLoss < b.validationLoss
}
