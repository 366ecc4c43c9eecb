import type { Finding } from '../analysis/finding.ts'
import { unknown } from '../analysis/finding.ts'
import { momentsBetween } from '../analysis/noise-scale/moments-between.ts'
import { type NoiseScaleCurve, noiseScaleCurve } from '../analysis/noise-scale/noise-scale-curve.ts'
import { evenly } from '../numerics/evenly.ts'
import type { TargetFindings } from './batch-sizes.ts'
import type { ReportInput } from './input.ts'

/** The noise scale of the trial that was best at a batch size, up to its target. */
export interface NoiseScaleRun {
  readonly batchSize: number
  readonly learningRate: number
  readonly trial: number
  readonly curve: NoiseScaleCurve
}

/** As many lines can be told apart. */
const MOST = 4

/** The noise scales of the best trials of some batch sizes, evenly among those that a probe measured. */
export function noiseScaleRuns(input: ReportInput, { best, runs }: TargetFindings): Finding<readonly NoiseScaleRun[]> {
  if (!best.known) return best
  const name = input.study.definition.criticalBatchSize?.learningRate ?? 'learningRate'
  const found = best.value.flatMap(({ batchSize, configuration, steps }): NoiseScaleRun[] => {
    const run = runs.find((each) => each.batchSize === batchSize && each.configuration === configuration)
    if (!run || !Number.isFinite(steps.value)) return []
    const reports = input.measurements(run.trial.number).flatMap(({ step, metrics }) => {
      const { gradientSignal: signal, gradientVariance: noise } = metrics
      return signal === undefined || noise === undefined || step > steps.value ? [] : [{ step, signal, noise }]
    })
    const curve = noiseScaleCurve(momentsBetween(reports))
    const learningRate = Number(run.trial.params[name])
    return curve.known ? [{ batchSize, learningRate, trial: run.trial.number, curve: curve.value }] : []
  })
  if (found.length === 0) return unknown('No noise scale was measured: train with the probe noiseScale().')
  return { known: true, value: evenly(found, MOST) }
}
