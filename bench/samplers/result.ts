import { z } from 'zod'
import type { Machine } from '../engines/machine.ts'

/**
 * How many trials, and the quartiles over seeds of how far a sampler was after them: less is better. Null where it had no
 * value yet.
 */
const standing = z.tuple([z.number(), z.number().nullable(), z.number().nullable(), z.number().nullable()])

/** What the runs of a sampler on a subject came to. */
const entry = z.object({
  sampler: z.string(),
  by: z.enum(['dynotune', 'Optuna']),
  course: z.array(standing),
})

/** Samplers on one subject, with the same seeds. */
const contest = z.object({
  subject: z.string(),
  trials: z.number(),
  pending: z.number(),
  seeds: z.number(),
  entries: z.array(entry),
})

/** Time and memory of suggestions in 8 dimensions with so many trials before them. */
const speed = z.object({
  sampler: z.string(),
  peer: z.string(),
  trials: z.number(),
  /** The average over `suggestions`, each with one more trial before it. */
  seconds: z.number(),
  /** Optuna's in the same run. */
  peerSeconds: z.number().nullable(),
  suggestions: z.number(),
  /** What the heap held after half of them, and after the last, without what could be given back. */
  heapBytes: z.tuple([z.number(), z.number()]),
})

/** One part of the benchmark, which can be run alone. */
const section = z.object({
  date: z.string(),
  /** Optuna's version; absent when it was not there. */
  optuna: z.string().optional(),
  missing: z.record(z.string(), z.string()),
  contests: z.array(contest),
  speeds: z.array(speed),
})

export const sections = z.record(z.string(), section)

export type Entry = z.infer<typeof entry>
export type Contest = z.infer<typeof contest>
export type Speed = z.infer<typeof speed>
export type Section = z.infer<typeof section>

export interface Results {
  readonly machine: Machine
  /** By name. */
  readonly sections: Readonly<Record<string, Section>>
}

/** The median after so many trials: of the last standing that is not later. None yet is worse than any. */
export function medianAt({ course }: Entry, trial: number): number {
  return course.findLast(([count]) => count <= trial)?.[2] ?? Number.POSITIVE_INFINITY
}
