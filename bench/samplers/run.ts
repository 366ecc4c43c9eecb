import type { AnyParams } from '../../src/space/params.ts'
import type { Judge } from './subject.ts'

/** Who suggests: one of our samplers or one of Optuna's, in one run. */
export interface Asker {
  ask(count: number): Promise<{
    readonly trials: readonly { readonly number: number; readonly params: AnyParams }[]
    readonly seconds: number
  }>
  /** Values that are not finite are those of an infeasible trial. */
  tell(trial: number, values: readonly number[]): Promise<void>
}

export interface RunOptions {
  readonly trials: number
  /** How many trials run at once: so many are asked for, then all of them told, in order. */
  readonly pending: number
}

export interface Run {
  /** The judge's, by trial. */
  readonly curve: readonly (number | null)[]
  readonly secondsPerSuggestion: number
}

/** One run of a sampler. It ends early when the space is used up. */
export async function run(asker: Asker, judge: Judge, { trials, pending }: RunOptions): Promise<Run> {
  let seconds = 0
  let asked = 0
  while (asked < trials) {
    const batch = await asker.ask(Math.min(pending, trials - asked))
    if (batch.trials.length === 0) break
    seconds += batch.seconds
    asked += batch.trials.length
    for (const { number, params } of batch.trials) await asker.tell(number, await judge.measure(number, params))
  }
  return { curve: judge.curve, secondsPerSuggestion: seconds / asked }
}
