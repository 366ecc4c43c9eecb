import { z } from 'zod'

/** Asks the report for the critical batch size, from the trials of a study whose batch size is a parameter. */
export interface CriticalBatchSizeQuestion {
  /** The parameter that is the batch size, in examples. Default `batchSize`. */
  readonly batchSize?: string
  /** The parameter that is the learning rate. Default `learningRate`, if there is one. */
  readonly learningRate?: string
  /**
   * Values of metrics, as they are reported while training, to count the steps to: `{ metric: 'trainLoss', atMost: 0.1 }`. The
   * steps to the first are what to tune for.
   */
  readonly targets: readonly MetricTarget[]
}

/** What a metric has to come to. */
export type MetricTarget = { readonly metric: string } & ({ readonly atMost: number } | { readonly atLeast: number })

const metric = z.string().min(1)
const target = z.union(
  [z.strictObject({ metric, atMost: z.number() }), z.strictObject({ metric, atLeast: z.number() })],
  'expected { metric, atMost } or { metric, atLeast }',
)

export const CRITICAL_BATCH_SIZE = z.strictObject({
  batchSize: z.string().exactOptional(),
  learningRate: z.string().exactOptional(),
  targets: z.array(target).min(1),
})
