import { readFileSync } from 'node:fs'
import { z } from 'zod'

const recording = z.object({
  made: z.string(),
  steps: z.array(z.number()),
  trials: z.array(
    z.object({
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      errors: z.array(z.number().nullable()),
    }),
  ),
})

/** Curves of whole trainings, none of them stopped. */
export type Recording = z.output<typeof recording>

export function readRecording(path: URL): Recording {
  return recording.parse(JSON.parse(readFileSync(path, 'utf8')))
}
