import { DynotuneError } from '../errors.ts'
import { createRandom } from '../numerics/random.ts'
import type { Assignment } from '../space/params.ts'
import { completeAssignment } from '../space/partial.ts'
import type { Measurement } from '../study/trial.ts'
import { best, type CurvePoint, isFinal, type StudyView, type TrialView } from '../study/view.ts'
import type { Judged } from './judge.ts'
import type { Suggestions } from './suggest.ts'

/** A study's trials in memory, by number: what samplers and pruners look at, kept up to date by whoever runs the study. */
export interface Ledger {
  /** Shows the trials as they stand, at any time. */
  readonly view: StudyView
  readonly best: (TrialView & { readonly value: number }) | undefined
  /** Enqueued parameters that no trial has yet, at most `count`. */
  enqueued(count: number): Suggestions
  /** Adds trials that wait. @throws DynotuneError `sampler.suggestion` when parameters are outside the space */
  add(suggestions: Suggestions, by: string): readonly TrialView[]
  start(trial: number): void
  /** Adds to a trial's curve. A step that was there before begins the curve anew from it: a later attempt goes over it. */
  measure(trial: number, measurements: readonly Measurement[]): TrialView
  /** @throws DynotuneError `tuner.unknown_trial`, `tuner.finished_trial` */
  finish(trial: number, end: () => Judged): TrialView
}

export type LedgerOptions = Omit<StudyView, 'trials'> & {
  /** Trials of an earlier run to continue from, by number without gaps. */
  readonly trials?: readonly TrialView[]
  /** Parameters to try first; what an entry leaves out is drawn. */
  readonly enqueue?: readonly Assignment[]
}

export function createLedger({ trials: earlier = [], enqueue = [], ...study }: LedgerOptions): Ledger {
  const { space, metric, goal, seed } = study
  const trials: TrialView[] = [...earlier]
  const curves = new Map<number, CurvePoint[]>()
  const waiting = enqueue.filter((wanted) => !trials.some(({ params }) => includes(params, wanted)))
  let leader = best(trials, goal)

  function trialOf(number: number): TrialView {
    const trial = trials[number]
    if (trial && !isFinal(trial.state)) return trial
    throw trial
      ? new DynotuneError('tuner.finished_trial', `Trial ${number} has been told already.`, { value: number })
      : new DynotuneError('tuner.unknown_trial', `There is no trial ${number}: it was never asked for.`, {
          value: number,
        })
  }

  return {
    view: { ...study, trials },
    get best() {
      return leader
    },
    enqueued(count) {
      const assignments = waiting.splice(0, count).map((wanted, i) => {
        const { next } = createRandom(seed, trials.length + i, 'enqueued')
        return completeAssignment(space, wanted, next)
      })
      return { assignments }
    },
    add({ assignments, parents }, by) {
      const added = assignments.map((params, i): TrialView => {
        if (!space.contains(params)) {
          throw new DynotuneError('sampler.suggestion', `The sampler "${by}" suggested parameters outside the space.`, {
            path: 'sampler',
            value: params,
          })
        }
        const parent = parents?.[i]
        return { number: trials.length + i, params, state: 'waiting', ...(parent !== undefined && { parent }) }
      })
      trials.push(...added)
      return added
    },
    start(number) {
      trials[number] = { ...trialOf(number), state: 'running' }
    },
    measure(number, measurements) {
      const trial = trialOf(number)
      const curve = curves.get(number) ?? [...(trial.curve ?? [])]
      for (const { step, metrics } of measurements) {
        const value = metrics[metric]
        while ((curve.at(-1)?.step ?? -1) >= step) curve.pop()
        if (value !== undefined) curve.push({ step, value })
      }
      curves.set(number, curve)
      const measured = { ...trial, curve }
      trials[number] = measured
      return measured
    },
    finish(number, end) {
      const finished = { ...trialOf(number), ...end() }
      trials[number] = finished
      leader = best(leader ? [leader, finished] : [finished], goal)
      return finished
    },
  }
}

function includes(params: Assignment, wanted: Assignment): boolean {
  return Object.entries(wanted).every(([name, value]) => params[name] === value)
}
