import type { Random } from '../../src/numerics/random.ts'
import { float } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import type { Pruner } from '../../src/study/pruner.ts'
import { best, type CurvePoint, type StudyView, type TrialView } from '../../src/study/view.ts'

export type Curves = readonly (readonly CurvePoint[])[]

/** What a pruner makes of recorded curves in one order. */
export interface Replay {
  /** Steps trained, as a share of those of all curves. */
  readonly share: number
  /** The best error found above the best there is. */
  readonly above: number
  /** Whether the best trial of all was stopped before it had shown what it is; where several are equal, all of them. */
  readonly lostBest: boolean
  readonly decisions: number
  readonly decisionSeconds: number
}

const SPACE = createSpace({ curve: float(0, 1) })

/**
 * Runs the curves in a random order, as many at once as asked, each a report at a time in turn; a trial that ends makes room
 * for the next one at once. A trial's value is the best that it has reported, stopped or not. A curve that ends in NaN is
 * that of an infeasible trial.
 */
export function replay(curves: Curves, random: Random, pruner: Pruner, parallel: number): Replay {
  const order = random.permutation(curves.length)
  const trials: TrialView[] = []
  const view: StudyView = { space: SPACE, metric: 'error', goal: 'minimize', seed: 0, trials, parallel }
  let running: number[] = []
  let [steps, decisions, decisionSeconds] = [0, 0, 0]
  while (trials.length < order.length || running.length > 0) {
    while (running.length < parallel && trials.length < order.length) {
      running.push(trials.length)
      trials.push({ number: trials.length, params: {}, state: 'running', curve: [] })
    }
    for (const number of running) {
      const whole = curves[order[number] ?? 0] ?? []
      const curve = whole.slice(0, (trials[number]?.curve?.length ?? 0) + 1)
      steps += lastStep(curve) - lastStep(curve.slice(0, -1))
      const trial: TrialView = { number, params: {}, state: 'running', curve }
      trials[number] = trial
      if (curve.length === whole.length) trials[number] = ended(trial, curve, 'complete')
      else {
        const began = performance.now()
        if (pruner.decide(trial, view).stop) trials[number] = ended(trial, curve, 'stopped')
        decisionSeconds += (performance.now() - began) / 1000
        decisions++
      }
    }
    running = running.filter((number) => trials[number]?.state === 'running')
  }
  const above = (best(trials, 'minimize')?.value ?? Number.NaN) - Math.min(...curves.map(bestOf))
  const all = curves.reduce((sum, curve) => sum + lastStep(curve), 0)
  return { share: steps / all, above, lostBest: above > 0, decisions, decisionSeconds }
}

function ended(trial: TrialView, curve: readonly CurvePoint[], state: 'complete' | 'stopped'): TrialView {
  if (Number.isNaN(curve.at(-1)?.value))
    return { ...trial, state: 'infeasible', reason: { code: 'trial.diverged', message: 'the loss is NaN' } }
  return { ...trial, state, value: bestOf(curve) }
}

function lastStep(curve: readonly CurvePoint[]): number {
  return curve.at(-1)?.step ?? 0
}

/** The least of the finite values. */
function bestOf(curve: readonly CurvePoint[]): number {
  return Math.min(...curve.map(({ value }) => value).filter(Number.isFinite))
}
