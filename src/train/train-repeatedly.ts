import type { Metrics } from '../study/trial.ts'
import type { TrainingConfig } from './loop/config.ts'
import type { Evaluation } from './loop/result.ts'
import { type TrainingTrial, train } from './loop.ts'

/** Without what belongs to one training: weights that are kept, and checkpoints to go on from. */
export type RepeatedConfig = Omit<TrainingConfig, 'checkpointEvery' | 'keep' | 'onBest'>

/**
 * Trains several times, one after the other, each from random streams of its own: first weights, order of the rows, dropout. For
 * comparisons where repeats differ by as much as settings do. Reports at the end, for each evaluation, the mean of every metric
 * over the repeats, and `validationLossSpread`, the standard deviation (n - 1) of their validation losses.
 * @param times from 1; of one alone the spread is 0
 * @param configOf what to train in each repeat, from 0: the same, or the same on other data
 * @returns of what it reported, that with the lowest validation loss; all NaN when one of the trainings diverged
 */
export async function trainRepeatedly(
  trial: TrainingTrial,
  times: number,
  configOf: (repeat: number) => RepeatedConfig,
): Promise<Metrics> {
  const curves: (readonly Evaluation[])[] = []
  for (let repeat = 0; repeat < times && (repeat === 0 || !trial.shouldStop()); repeat++) {
    const { outcome, metrics, curve } = await train(
      {
        engine: trial.engine,
        checkpoint: trial.checkpoint,
        report: () => undefined,
        shouldStop: () => trial.shouldStop(),
        random: (purpose) => trial.random(`${purpose}/repeat/${repeat}`),
      },
      configOf(repeat),
    )
    if (outcome === 'diverged') return metrics
    curves.push(curve)
  }
  const [first = [], ...others] = curves
  const means = first.flatMap((evaluation, i) => {
    // One that was asked to stop has fewer.
    const all = [evaluation, ...others.flatMap((curve) => curve[i] ?? [])]
    return all.length === curves.length ? [{ step: evaluation.step, metrics: meansOf(all) }] : []
  })
  for (const { step, metrics } of means) trial.report({ ...metrics, step })
  return means.toSorted((a, b) => lossOf(a.metrics) - lossOf(b.metrics))[0]?.metrics ?? {}
}

function meansOf(evaluations: readonly Metrics[]): Metrics {
  const names = Object.keys(evaluations[0] ?? {}).filter((name) => name !== 'step')
  const means = Object.fromEntries(
    names.map((name) => [name, mean(evaluations.map((each) => each[name] ?? Number.NaN))]),
  )
  const squares = evaluations.reduce((sum, each) => sum + (lossOf(each) - lossOf(means)) ** 2, 0)
  return { ...means, validationLossSpread: Math.sqrt(squares / Math.max(1, evaluations.length - 1)) }
}

function lossOf({ validationLoss = Number.NaN }: Metrics): number {
  return validationLoss
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
