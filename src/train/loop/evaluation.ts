import type { Tensor } from '@tensorflow/tfjs-core'
import type { Metrics } from '../../study/trial.ts'
import type { Measured } from '../probes/probe.ts'
import type { Task } from '../tasks/task.ts'
import type { Evaluation } from './result.ts'

/** Where training stands when an evaluation is asked for. */
export interface EvaluatedAt {
  readonly steps: number
  readonly examples: number
  readonly seconds: number
}

/** An evaluation on its way from the device. */
export interface PendingEvaluation {
  readonly at: EvaluatedAt
  /** All parameters as they are evaluated. */
  readonly params: readonly Tensor[]
  readonly evaluation: Promise<Evaluation>
  /** Whether it has come. */
  readonly isSettled: boolean
  dispose(): void
}

/**
 * Begins to read an evaluation.
 * @param losses the metrics that are all NaN as soon as a loss among them is not finite
 */
export function readEvaluation(
  at: EvaluatedAt,
  params: readonly Tensor[],
  losses: readonly Measured[],
  others: readonly Measured[],
): PendingEvaluation {
  let isSettled = false
  const settle = () => {
    isSettled = true
  }
  const evaluation = read(at, losses, others)
  evaluation.then(settle, settle)
  const tensors = [...losses, ...others].flatMap(({ tensor }) => (tensor ? [tensor] : []))
  return {
    ...{ at, params, evaluation },
    get isSettled() {
      return isSettled
    },
    dispose() {
      for (const tensor of [...params, ...tensors]) tensor.dispose()
    },
  }
}

const LOSSES = ['trainLoss', 'validationLoss', 'trainSetLoss']

async function read(
  { steps, examples }: EvaluatedAt,
  losses: readonly Measured[],
  others: readonly Measured[],
): Promise<Evaluation> {
  const [measured, probed] = await Promise.all([valuesOf(losses), valuesOf(others)])
  const isFine = LOSSES.every((name) => Number.isFinite(measured[name] ?? 0))
  const named = Object.entries(measured).map(([name, value]) => [name, isFine ? value : Number.NaN] as const)
  return {
    ...{ trainLoss: Number.NaN, validationLoss: Number.NaN },
    ...Object.fromEntries(named),
    ...probed,
    ...{ step: steps, examples },
  }
}

async function valuesOf(all: readonly Measured[]): Promise<Metrics> {
  const metrics = await Promise.all(
    all.map(async ({ tensor, metrics }) => metrics(Float32Array.from(tensor ? await tensor.data() : []))),
  )
  return Object.fromEntries(metrics.flatMap((each) => Object.entries(each)))
}

/** What metrics are of; they are named after it. */
export type Split = 'validation' | 'trainSet' | 'test'

/** The task's metrics, named after what they are of: `validationLoss`. */
export function nameMetrics(metrics: Metrics, name: Split): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [nameMetric(metric, name), value]))
}

function nameMetric(metric: string, name: Split): string {
  return `${name}${metric.slice(0, 1).toUpperCase()}${metric.slice(1)}`
}

/** How evaluations of a task are compared. */
export function orderOf({ metric, goal }: Task) {
  return { metric: nameMetric(metric, 'validation'), goal }
}
