import { z } from 'zod'

/** What a process that measured a row prints. Milliseconds; null where the question has no answer. */
export const measured = z.object({
  device: z.string(),
  parameters: z.number(),
  /** Numbers in the state: what an optimizer keeps besides the parameters. */
  stateNumbers: z.number().nullable(),
  steps: z.number(),
  /** Median, with its 95% interval. */
  stepMs: z.number(),
  stepMsLow: z.number().nullable(),
  stepMsHigh: z.number().nullable(),
  /** In which parameters, gradients and state could be copied about once. */
  floorMs: z.number().nullable(),
  /** By PyTorch: the same in other ways that it offers, by name. */
  ways: z.record(z.string(), z.number()).optional(),
})

export type MeasuredRow = z.infer<typeof measured>

/** Of the benchmark's own engines under the names of `subjects.ts`, of `torch` under those of its optimizers. */
export type Row = MeasuredRow & { readonly engine: string; readonly optimizer: string }

export interface Missing {
  readonly engine: string
  readonly optimizer?: string
  readonly why: string
}
