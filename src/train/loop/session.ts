import type { Tf } from '../../study/engine.ts'
import type { Trial } from '../../study/trial.ts'
import { gatherBatch, uploadDataset } from '../data/batch.ts'
import { createBatches } from '../data/batches.ts'
import { measure } from '../evaluate.ts'
import type { GradientBatch } from '../gradients.ts'
import { disposeTraining, startTraining, trainStep } from '../step.ts'
import { initialWeights } from '../weights.ts'
import type { withDefaults } from './config.ts'
import { evaluatedParams } from './evaluated-params.ts'
import { nameMetrics, type PendingEvaluation, readEvaluation } from './evaluation.ts'
import { evaluationSets } from './evaluation-sets.ts'
import { startProbes } from './probes.ts'
import { type Progress, startProgress } from './progress.ts'
import { readTraining, restoreTraining, type SavedTraining } from './saved-training.ts'
import { scaleUpdates } from './scale-updates.ts'
import { createStopwatch, type Stopwatch } from './stopwatch.ts'

/** A training on its device: what it can do, without deciding what comes when. */
export interface Session {
  readonly progress: Progress
  readonly clock: Stopwatch
  /** One step on so many examples. `inView`: the probes are shown what it makes of the parameters. */
  step(size: number, inView: boolean): void
  /** The sum of the losses since the last evaluation, waiting for the device. */
  lossSum(): Promise<number>
  /** Asks the device for an evaluation of the weights as they are now. */
  evaluate(): PendingEvaluation
  /** Reads all that training goes on from. */
  save(): Promise<SavedTraining>
}

/**
 * @param saved what `save` returned, to go on from
 * @param defer is given what disposes the session's tensors
 */
export function openSession(
  tf: Tf,
  random: Trial<unknown>['random'],
  config: ReturnType<typeof withDefaults>,
  saved: SavedTraining | undefined,
  defer: (cleanUp: () => void) => void,
): Session {
  const { model, task, data, schedule, augment, evaluateOn } = config
  const progress = saved?.progress ?? startProgress(config)
  const clock = createStopwatch(progress.seconds)
  const batches = createBatches(data.train.rows, random, saved?.batches)
  const factor = () => (schedule?.(progress.step) ?? 1) * (progress.plateau?.factor ?? 1)
  const isScaled = schedule !== undefined || progress.plateau !== undefined
  const optimizer = isScaled ? scaleUpdates(config.optimizer, factor) : config.optimizer
  const training = { model, task, optimizer }

  let state = startTraining(tf, training, saved?.weights ?? initialWeights(model, random))
  defer(() => disposeTraining(state))
  if (saved) state = restoreTraining(tf, state, saved)
  const examples = uploadDataset(tf, data.train)
  defer(() => tf.dispose([examples.inputs, examples.labels]))
  const sets = evaluationSets(tf, data, examples, evaluateOn)
  defer(() => sets.forEach(({ examples: { inputs, labels } }) => void tf.dispose([inputs, labels])))
  const probes = startProbes(config.probes, { tf, model, task, data: data.train }, saved?.probes)
  defer(() => probes.dispose())

  function batchOf(size: number): GradientBatch {
    const began = performance.now()
    const gathered = gatherBatch(tf, examples, batches.next(size))
    const batch = augment?.(tf, gathered, random(`augment/${progress.step}`)) ?? gathered
    progress.stalled += (performance.now() - began) / 1000
    const { parts, ...watch } = probes.watch(progress.step)
    return { ...batch, ...watch, parts: Math.max(config.accumulate, parts) }
  }

  return {
    progress,
    clock,
    step(size, inView) {
      const before = inView && probes.onUpdate ? state.params.map((tensor) => tensor.clone()) : []
      state = trainStep(tf, training, state, () => batchOf(size), random(`dropout/${progress.step}`))
      if (before.length > 0) probes.onUpdate?.(before, state.params)
      tf.dispose(before)
      progress.step += 1
      progress.examples += size
    },
    lossSum: async () => (await state.lossSum.data())[0] ?? Number.NaN,
    evaluate() {
      clock.stop()
      const steps = progress.step - progress.evaluated
      const at = { steps: progress.step, examples: progress.examples, seconds: clock.seconds }
      const params = evaluatedParams(tf, training, state)
      const losses = sets.map(({ name, rows, examples }) => ({
        tensor: measure(tf, model, task, params, examples, evaluateOn.batchSize),
        metrics: (values: Float32Array) => nameMetrics(task.metrics(values, rows), name),
      }))
      const { lossSum } = state
      const trainLoss = { tensor: lossSum, metrics: ([sum = Number.NaN]: Float32Array) => ({ trainLoss: sum / steps }) }
      const probed = probes.measure({ ...at, stalled: progress.stalled, params: state.params })
      state = { ...state, lossSum: tf.scalar(0) }
      progress.evaluated = progress.step
      clock.start()
      return readEvaluation(at, params, [trainLoss, ...losses], probed)
    },
    async save() {
      progress.seconds = clock.seconds
      return readTraining(model, state, { progress, batches: batches.position, probes: await probes.save() })
    },
  }
}
