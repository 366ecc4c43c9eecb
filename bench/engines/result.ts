import { z } from 'zod'
import { MODEL_NAMES, type ModelName } from './models/models.ts'

const times = z.array(z.object({ name: z.string(), calls: z.number(), ms: z.number() }))

/** What a process that measured a row prints. Milliseconds of a step; null where the question has no answer. */
export const measured = z.object({
  device: z.string(),
  model: z.enum(MODEL_NAMES),
  batch: z.number(),
  /** Trainable numbers: the same for all who train the model. */
  parameters: z.number(),
  steps: z.number(),
  /** Median, with its 95% interval. */
  stepMs: z.number(),
  stepMsLow: z.number().nullable(),
  stepMsHigh: z.number().nullable(),
  /** Forward and backward. */
  gradientsMs: z.number(),
  optimizerMs: z.number(),
  /** What the host does for a step besides the arithmetic. */
  hostMs: z.number().nullable(),
  gflops: z.number(),
  /** Largest resident memory of the process. */
  residentBytes: z.number().nullable(),
  /** Memory of tensors, in use or kept for use. */
  deviceBytes: z.number().nullable(),
  profile: z
    .object({
      stepMs: z.number(),
      kernels: times,
      gpu: z
        .object({ dispatches: z.number(), submits: z.number(), buffers: z.number(), uploaded: z.number() })
        .optional(),
      programs: times.optional(),
    })
    .optional(),
})

/** What a process that was only asked what it is prints. */
export const described = z.object({
  device: z.string(),
  deviceKind: z.enum(['gpu', 'processor', 'software']),
  versions: z.record(z.string(), z.string()),
})

export type Row = z.infer<typeof measured> & {
  readonly engine: string
  /** Present when this batch would take too long: the smaller one from which it is computed in proportion. */
  readonly estimatedFrom?: number
}

/** A row that there is not. */
export interface Missing {
  readonly engine: string
  readonly model?: ModelName
  readonly batch?: number
  readonly why: string
  /** It was given up because it took too long. */
  readonly tooSlow?: boolean
}

/** The row of an engine for a model at a batch size. */
export function findRow(rows: readonly Row[], engine: string, model: ModelName, batch: number): Row | undefined {
  return rows.find((row) => row.engine === engine && row.model === model && row.batch === batch)
}
