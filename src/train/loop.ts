import { setImmediate } from 'node:timers/promises'
import type { Metrics, Trial } from '../study/trial.ts'
import { nextBatchSize } from './loop/budget.ts'
import { checkConfig, type TrainingConfig, withDefaults } from './loop/config.ts'
import { orderOf, type PendingEvaluation } from './loop/evaluation.ts'
import { rankOf } from './loop/kept.ts'
import type { Progress } from './loop/progress.ts'
import type { Evaluation, TrainingResult } from './loop/result.ts'
import { loadTraining } from './loop/saved-training.ts'
import { openSession, type Session } from './loop/session.ts'
import { isReached, updateTargets } from './loop/targets.ts'
import { readWeights } from './weights.ts'

/** What the loop needs of a trial: its engine; it reports evaluations to it, asks it whether to stop, draws from its streams. */
export type TrainingTrial = Pick<Trial<unknown>, 'engine' | 'report' | 'shouldStop' | 'random' | 'checkpoint'>

type Outcome = TrainingResult['outcome']

/**
 * Trains a model within a budget of steps or examples. Follows from the trial's random streams alone and leaves no tensors
 * behind. The data are on the device throughout. Losses are read when evaluating, and training goes on until they have
 * come, unless it depends on them. What is reported is told at `Evaluation`. The event loop runs after every step,
 * which takes 1.5 µs.
 * @throws DynotuneError `option.invalid`, `model.invalid`, `data.invalid`; and whatever `report` or `onBest` throws
 */
export async function train(trial: TrainingTrial, given: TrainingConfig): Promise<TrainingResult> {
  checkConfig(given)
  const config = withDefaults(given)
  const { model, task, evaluateEvery, checkpointEvery, reduceOnPlateau, stopAtTarget } = config
  const order = orderOf(task)
  // Where training depends on what comes of evaluations, they come at the same step on every device.
  const waits = reduceOnPlateau !== undefined || stopAtTarget
  const tf = await trial.engine.load()
  const saved = checkpointEvery === undefined ? undefined : loadTraining(trial.checkpoint, model)
  let pending: PendingEvaluation | undefined
  const deferred = [() => pending?.dispose()]

  try {
    const session = openSession(tf, trial.random, config, saved, (cleanUp) => deferred.push(cleanUp))
    const outcome = await run(session)
    if (checkpointEvery !== undefined && outcome !== 'diverged') await save(session)
    return resultOf(outcome, session)
  } finally {
    for (const cleanUp of deferred.toReversed()) cleanUp()
  }

  async function run(session: Session): Promise<Outcome> {
    const { progress, clock } = session
    if (isAtTarget(progress)) return 'reached'
    clock.start()
    for (let size = nextBatchSize(config, progress); size > 0; size = nextBatchSize(config, progress)) {
      const after = { step: progress.step + 1, examples: progress.examples + size }
      const isLast = nextBatchSize(config, after) === 0
      const isEvaluated = isLast || after.step % evaluateEvery === 0
      session.step(size, isEvaluated)
      progress.startLoss ??= await session.lossSum()
      let outcome: Outcome | undefined
      if (isEvaluated) {
        outcome = await settle(session)
        if (outcome) return outcome
        pending = session.evaluate()
      }
      await setImmediate()
      const isSaved = checkpointEvery !== undefined && after.step % checkpointEvery === 0 && !isLast
      if (isLast || isSaved || waits || pending?.isSettled) outcome = await settle(session)
      if (outcome) return outcome
      if (isSaved) await save(session)
      if (trial.shouldStop()) {
        // A trial without any evaluation would have no value.
        if (progress.curve.length === 0) pending ??= session.evaluate()
        return (await settle(session)) ?? 'stopped'
      }
    }
    return 'finished'
  }

  /** Takes in the evaluation that is on its way, if there is one. */
  async function settle({ progress, clock }: Session): Promise<Outcome | undefined> {
    if (!pending) return undefined
    const { at, params } = pending
    const evaluation = await pending.evaluation
    clock.stop()
    trial.report(evaluation)
    progress.curve = [...progress.curve, evaluation]
    if (hasDiverged(evaluation, config.divergedAt * (progress.startLoss ?? Number.NaN))) return 'diverged'
    const { step, examples, ...metrics } = evaluation
    const rank = rankOf(order, progress.kept, { metrics })
    if (rank < config.keep) {
      const best = { step, examples, metrics, weights: await readWeights(model, params) }
      progress.kept = progress.kept.toSpliced(rank, 0, best).slice(0, config.keep)
      if (rank === 0) config.onBest?.(best)
    }
    progress.targets = updateTargets(progress.targets, metrics, at)
    if (reduceOnPlateau && progress.plateau)
      progress.plateau = reduceOnPlateau.observe(progress.plateau, metrics[config.plateauMetric] ?? Number.NaN)
    pending.dispose()
    pending = undefined
    clock.start()
    return isAtTarget(progress) ? 'reached' : undefined
  }

  async function save({ progress, clock, save }: Session): Promise<void> {
    clock.stop()
    trial.checkpoint.save(progress.step, await save())
    clock.start()
  }

  function isAtTarget({ targets }: Progress): boolean {
    return stopAtTarget && targets.length > 0 && targets.every(isReached)
  }

  function resultOf(outcome: Outcome, { progress, clock }: Session): TrainingResult {
    const { curve, kept, targets } = progress
    const [last, best] = [curve.at(-1), kept[0]]
    return {
      outcome,
      metrics: outcome === 'diverged' ? noNumbers(last) : (best?.metrics ?? {}),
      steps: outcome === 'diverged' ? (last?.step ?? 0) : progress.step,
      examples: outcome === 'diverged' ? (last?.examples ?? 0) : progress.examples,
      seconds: clock.seconds,
      ...order,
      ...(best && { best }),
      ...(last && { last }),
      ...{ kept, curve, targets },
    }
  }
}

/** Whether a loss was no longer finite, or the mean while training above a limit; losses may begin at 0 or below, without one. */
function hasDiverged({ trainLoss, validationLoss }: Evaluation, limit: number): boolean {
  return Number.isNaN(validationLoss) || (limit > 0 && trainLoss > limit)
}

function noNumbers({ step, examples, ...metrics }: Metrics = {}): Metrics {
  return Object.fromEntries(Object.keys(metrics).map((name) => [name, Number.NaN]))
}
