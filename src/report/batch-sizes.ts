import type { Throughput } from '../analysis/critical-batch-size/cost-curve.ts'
import { type Frontier, fitFrontier } from '../analysis/critical-batch-size/fit-frontier.ts'
import type { FrontierPoint } from '../analysis/critical-batch-size/frontier-point.ts'
import { stepsToTargets } from '../analysis/critical-batch-size/steps-to-target.ts'
import { type TunedBest, type TunedRun, tunedBest } from '../analysis/critical-batch-size/tuned-best.ts'
import { type Finding, unknown } from '../analysis/finding.ts'
import type { MetricTarget } from '../study/critical-batch-size.ts'
import type { TrialRecord } from '../study/record.ts'
import { isFinal } from '../study/view.ts'
import type { ReportInput } from './input.ts'

/** How long the trials of a study took to one target, by batch size. */
export interface TargetFindings {
  readonly target: MetricTarget
  /** One for each trial that measured the target's metric. */
  readonly runs: readonly TrialRun[]
  readonly best: Finding<readonly TunedBest[]>
  readonly frontier: Finding<Frontier>
}

export interface TrialRun extends TunedRun {
  readonly trial: TrialRecord
}

/** What a study says of the question that its definition asks about batch sizes; undefined where it asks none. */
export function batchSizeFindings(input: ReportInput): readonly TargetFindings[] | undefined {
  const { criticalBatchSize: question } = input.study.definition
  if (!question) return undefined
  const { batchSize = 'batchSize', targets } = question
  const trials = input.trials.filter(({ state, params }) => {
    return isFinal(state) && state !== 'failed' && Number(params[batchSize]) > 0
  })
  const runs = new Map(targets.map((target): [MetricTarget, TrialRun[]] => [target, []]))
  for (const trial of trials) {
    const measurements = input.measurements(trial.number)
    for (const [metric, ofMetric] of Map.groupBy(targets, ({ metric }) => metric)) {
      const curve = measurements.flatMap(({ step, metrics: { [metric]: value } }) =>
        value === undefined ? [] : [{ step, value }],
      )
      // A step that takes none says nothing; evaluations before the first do.
      const budget = curve.at(-1)?.step ?? 0
      if (budget <= 0) continue
      const steps = stepsToTargets(curve, ofMetric)
      ofMetric.forEach((target, i) => {
        const configuration = JSON.stringify(trial.params)
        const run = { batchSize: Number(trial.params[batchSize]), steps: steps[i] ?? Number.NaN, budget }
        if (run.steps > 0) runs.get(target)?.push({ ...run, configuration, trial })
      })
    }
  }
  return targets.map((target) => findingsOf(target, runs.get(target) ?? [], input))
}

function findingsOf(target: MetricTarget, runs: readonly TrialRun[], { study, trials }: ReportInput): TargetFindings {
  // Of a batch size that never got there, the longest run counts.
  const ordered = runs.toSorted((a, b) => (b.budget ?? 0) - (a.budget ?? 0))
  const best =
    runs.length > 0
      ? tunedBest(ordered, { seed: study.definition.seed })
      : unknown(trials.length > 0 ? `No trial reported ${target.metric} while it trained.` : 'No trial has run yet.')
  const points = best.known ? best.value.flatMap(({ runs }): readonly FrontierPoint[] => runs) : []
  return { target, runs, best, frontier: best.known ? fitFrontier(points, curveAt(points)) : best }
}

/** The batch sizes themselves, and places between them for a smooth curve. */
function curveAt(points: readonly FrontierPoint[]): number[] {
  const sizes = [...new Set(points.map(({ batchSize }) => batchSize))].sort((a, b) => a - b)
  return sizes.flatMap((size, i) => {
    const next = sizes[i + 1]
    if (next === undefined) return [size]
    return Array.from({ length: 8 }, (_, k) => size * (next / size) ** (k / 8))
  })
}

/** Examples a second by batch size, the median over trials: as reported by a throughput probe, or with evaluations in the time. */
export function throughputOf(
  input: ReportInput,
  runs: readonly TrialRun[],
): { readonly measured: readonly Throughput[]; readonly withEvaluations: boolean } {
  const rates = new Map<number, number[]>()
  let withEvaluations = false
  for (const { batchSize, trial } of runs) {
    const measurements = input.measurements(trial.number)
    const reported = measurements.flatMap(({ metrics: { examplesPerSecond: rate } }) =>
      rate !== undefined && rate > 0 && Number.isFinite(rate) ? [rate] : [],
    )
    const last = measurements.at(-1)
    const rate = reported.length > 0 ? median(reported) : last && (last.step * batchSize) / last.time
    if (rate === undefined || !(rate > 0 && Number.isFinite(rate))) continue
    withEvaluations ||= reported.length === 0
    rates.set(batchSize, [...(rates.get(batchSize) ?? []), rate])
  }
  const measured = [...rates].map(([batchSize, all]) => ({ batchSize, examplesPerSecond: median(all) }))
  return { measured: measured.sort((a, b) => a.batchSize - b.batchSize), withEvaluations }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** The learning rate that did best at each batch size, in examples. */
export function bestRates(input: ReportInput, best: readonly TunedBest[]): { batchSize: number; rate: number }[] {
  const name = input.study.definition.criticalBatchSize?.learningRate ?? 'learningRate'
  return best.flatMap(({ batchSize, configuration, steps }) => {
    const rate = Number(JSON.parse(String(configuration ?? '{}'))[name])
    return rate > 0 && Number.isFinite(steps.value) ? [{ batchSize, rate }] : []
  })
}

export const targetName = (target: MetricTarget): string =>
  'atMost' in target ? `${target.metric} ≤ ${target.atMost}` : `${target.metric} ≥ ${target.atLeast}`
