import { z } from 'zod'

/** What a process that measured a row prints; null where the question has no answer. */
export const measured = z.object({
  engine: z.string(),
  device: z.string(),
  model: z.string(),
  batch: z.number(),
  /** Of each variant. */
  steps: z.number(),
  /** Milliseconds a step, the median over rounds. */
  bareMs: z.number(),
  /** The same of `minimize` of TensorFlow.js's own Adam. */
  minimizeMs: z.number(),
  variants: z.array(
    z.object({
      variant: z.string(),
      stepMs: z.number(),
      /** Of the bare step of the same round: the median, with its 95% interval. */
      ratio: z.number(),
      low: z.number().nullable(),
      high: z.number().nullable(),
    }),
  ),
})
export type Row = z.infer<typeof measured>

export interface Missing {
  readonly engine: string
  readonly model: string
  readonly why: string
}

/** What the loop is held to: the most that a step of it may take, as a share of the bare step. */
export const GOAL = 1.05
