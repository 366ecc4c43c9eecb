import { flopsOfStep, MODELS } from './models/models.ts'
import type { Row } from './result.ts'

/** A row for a larger batch than was measured: forward and backward grow in proportion, the optimizer does not. */
export function inProportion(measured: Row, batch: number): Row {
  const { profile: _, ...row } = measured
  const gradientsMs = (measured.gradientsMs * batch) / measured.batch
  const stepMs = gradientsMs + measured.optimizerMs
  return {
    ...row,
    batch,
    steps: 0,
    stepMs,
    stepMsLow: null,
    stepMsHigh: null,
    gradientsMs,
    hostMs: null,
    gflops: flopsOfStep(MODELS[measured.model], batch) / stepMs / 1e6,
    residentBytes: null,
    deviceBytes: null,
    estimatedFrom: measured.estimatedFrom ?? measured.batch,
  }
}
