import { setImmediate } from 'node:timers/promises'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../study/engine.ts'
import type { Trial } from '../study/trial.ts'
import { gatherBatch, uploadDataset } from './data/batch.ts'
import { createBatches } from './data/batches.ts'
import type { Dataset } from './data/dataset.ts'
import { lossAndAccuracy } from './evaluate.ts'
import type { Model } from './models/model.ts'
import type { Transformation } from './optimizers/transformation.ts'
import { disposeTraining, startTraining, trainStep } from './step.ts'
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
 * lets the event loop run after every step. The data are on the device throughout. Losses are read when evaluating, and
 * training goes on until they have come.
 * @throws DynotuneError `model.invalid`, `data.invalid`; and whatever `report` or `onBest` throws
 */
export async function trainClassifier(tf: Tf, trial: TrainingTrial, config: TrainingConfig): Promise<TrainingResult> {
  const { model, optimizer, batchSize, steps, evaluateEvery, onBest } = config
  const batches = createBatches(config.train.rows, batchSize, trial.random('batches'))
  const dropout = trial.random('dropout')
  const [train, validation] = [uploadDataset(tf, config.train), uploadDataset(tf, config.validation)]
  let state = startTraining(tf, model.init(trial.random('weights')), optimizer)
  let best: Best | undefined
  let evaluated = 0
  let reading: Reading | undefined
  const ended = (outcome: TrainingResult['outcome'], at: number) => ({ outcome, steps: at, ...(best && { best }) })

  /** Asks the device for an evaluation of the weights as they are now. */
  function startReading(step: number): Reading {
    const results = [state.lossSum, lossAndAccuracy(tf, model, state.params, validation)]
    state = { ...state, lossSum: tf.scalar(0) }
    const params = state.params.map((tensor) => tensor.clone())
    const started: Reading = { step, params, results, evaluation: evaluation(step, step - evaluated, results) }
    evaluated = step
    const settle = () => {
      started.settled = true
    }
    started.evaluation.then(settle, settle)
    return started
  }

  /** Reports what was read; false when the trial has diverged. */
  async function finish({ evaluation, params, results }: Reading): Promise<boolean> {
    try {
      const measured = await evaluation
      trial.report(measured)
      if (Number.isNaN(measured.validationLoss)) return false
      if (isBetter(measured, best)) {
        best = { ...measured, weights: await readWeights(params) }
        onBest?.(best)
      }
      return true
    } finally {
      reading = undefined
      tf.dispose([params, results])
    }
  }

  try {
    for (let step = 1; step <= steps; step++) {
      state = trainStep(tf, model, optimizer, state, () => gatherBatch(tf, train, batches.next().value), dropout)
      if (step % evaluateEvery === 0 || step === steps) {
        if (reading && !(await finish(reading))) return ended('diverged', evaluated)
        reading = startReading(step)
      }
      await setImmediate()
      if (reading && (reading.settled || step === steps) && !(await finish(reading)))
        return ended('diverged', evaluated)
      if (trial.shouldStop()) return ended('stopped', step)
    }
    return ended('finished', steps)
  } finally {
    if (reading) tf.dispose([reading.params, reading.results])
    disposeTraining(state)
    tf.dispose([train, validation])
  }
}

/** An evaluation on its way from the device, with the weights that it is of. */
interface Reading {
  readonly step: number
  readonly params: Tensor[]
  readonly results: Tensor[]
  readonly evaluation: Promise<Evaluation>
  settled?: boolean
}

/** All losses are NaN as soon as one is not finite: a single step's is in the sum. */
async function evaluation(step: number, steps: number, results: readonly Tensor[]): Promise<Evaluation> {
  const [[lossSum = Number.NaN] = [], [loss = Number.NaN, accuracy = Number.NaN] = []] = await Promise.all(
    results.map((result) => result.data()),
  )
  return Number.isFinite(lossSum) && Number.isFinite(loss)
    ? { step, trainLoss: lossSum / steps, validationLoss: loss, validationAccuracy: accuracy }
    : { step, trainLoss: Number.NaN, validationLoss: Number.NaN, validationAccuracy: Number.NaN }
}

function isBetter(a: Evaluation, b: Evaluation | undefined): boolean {
  if (!b || a.validationAccuracy !== b.validationAccuracy) return !b || a.validationAccuracy > b.validationAccuracy
  return a.validationLoss < b.validationLoss
}
