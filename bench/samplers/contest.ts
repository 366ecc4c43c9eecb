import { samplerNamed } from '../../src/samplers/registry.ts'
import type { Optuna } from './optuna.ts'
import { askOurs } from './ours.ts'
import { peersFor, runsOfPeer } from './peers.ts'
import type { Contest, Entry } from './result.ts'
import { type Run, type RunOptions, run } from './run.ts'
import type { Subject } from './subject.ts'

export interface ContestOptions extends RunOptions {
  readonly seeds: number
  /** Names of ours. */
  readonly samplers: readonly string[]
  /** Absent: ours alone. */
  readonly optuna?: Optuna | undefined
  /** Those of Optuna's that take part, where they make sense of the subject. Default: all. */
  readonly peers?: readonly string[] | undefined
  /** Where peers' runs are kept. */
  readonly folder: string
  /** With the average time of a suggestion, which says little where runs of Optuna's were kept from other days. */
  onEntry?(subject: Subject, entry: Entry, seconds: number): void
}

/** Runs samplers on a subject, with the same seeds. */
export async function hold(subject: Subject, options: ContestOptions): Promise<Contest> {
  const { samplers, optuna, trials, pending, seeds, onEntry } = options
  const entries: Entry[] = []
  function enter(sampler: string, by: Entry['by'], runs: readonly Run[]): void {
    const entry = { sampler, by, course: courseOf(runs, trials) }
    entries.push(entry)
    onEntry?.(subject, entry, runs.reduce((sum, one) => sum + one.secondsPerSuggestion, 0) / runs.length)
  }
  for (const name of samplers) {
    const runs: Run[] = []
    for (let seed = 0; seed < seeds; seed++) {
      const asker = askOurs(samplerNamed(name), subject, { trials, pending, seed })
      runs.push(await run(asker, subject.judge(seed), { trials, pending }))
    }
    enter(name, 'dynotune', runs)
  }
  if (optuna) {
    for (const peer of peersFor(subject)) {
      if (peer.sampler in optuna.missing || options.peers?.includes(peer.sampler) === false) continue
      enter(peer.name, 'Optuna', await runsOfPeer(optuna, peer, subject, options))
    }
  }
  return { subject: subject.name, trials, pending, seeds, entries }
}

function courseOf(runs: readonly Run[], trials: number): Entry['course'] {
  return landmarks(trials).map((trial) => [
    trial,
    // A run that used up its space stays where it came to.
    ...quartiles(runs.map(({ curve }) => curve[Math.min(trial, curve.length) - 1] ?? null)),
  ])
}

/** The numbers of trials at which a course is kept. */
function landmarks(trials: number): number[] {
  const early = [1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 150]
  const late = Array.from({ length: Math.ceil(trials / 100) }, (_, i) => 100 * (i + 2))
  return [...[...early, ...late].filter((count) => count < trials), trials]
}

/** Between order statistics in proportion. None yet is worse than any. */
function quartiles(values: readonly (number | null)[]): [number | null, number | null, number | null] {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  const at = (share: number) => {
    const place = share * (sorted.length - 1)
    const [below = Number.NaN, above = Number.NaN] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
    const value = below === above ? below : below + (place % 1) * (above - below)
    return Number.isFinite(value) ? Number(value.toPrecision(4)) : null
  }
  return [at(0.25), at(0.5), at(0.75)]
}
