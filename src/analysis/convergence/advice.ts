import type { Convergence } from './convergence.ts'

/** What a training's curves call for. */
export type Symptom = 'overfits' | 'worsens' | 'unstable' | 'improving' | 'best late' | 'far too long' | 'level'

/** What a symptom is, said of a training ("trial 3 …"), and what to do next by the tuning playbook. */
export interface Advice {
  readonly shows: string
  readonly todo: string
}

/** After google-research/tuning_playbook, but for `level`, which is ours. */
export const ADVICE: Readonly<Record<Symptom, Advice>> = {
  overfits: {
    shows: 'turned on validation data while the training loss still fell',
    todo: 'Add regularization and run the trials again before comparing them',
  },
  worsens: {
    shows: 'turned, and no training loss went on falling',
    todo: 'Look for a bug or too high a learning rate',
  },
  unstable: {
    shows: 'had spikes of the training loss or the gradient norm',
    todo: 'Warm the learning rate up, or clip gradients at the 90th percentile of their norms, before lowering the rate',
  },
  improving: { shows: 'still improved at the end', todo: 'Give the best trials more steps' },
  'best late': {
    shows: 'came to the best value in the last quarter',
    todo: 'Train for more steps, and let the learning rate decay over all of them',
  },
  'far too long': { shows: 'came to the best value in the first tenth', todo: 'Train for far fewer steps' },
  level: { shows: 'became level before the middle', todo: 'Train for fewer steps' },
}

/** Before which share of a training it must be level for fewer steps to be worth trying. */
const LEVEL_BEFORE = 0.5

/** What there is to do about a training, the most pressing first. Nothing where its curves show no need, or cannot say. */
export function symptomsOf({ overfitting, end, plateau, lossEvents, gradientEvents }: Convergence): Symptom[] {
  const turned = overfitting.known ? overfitting.value.verdict : 'none'
  const isImproving = end.known && end.value.course === 'improving'
  const isLevelEarly =
    plateau.known &&
    plateau.value.improvedBefore &&
    end.known &&
    plateau.value.since < LEVEL_BEFORE * end.value.lastStep
  return [
    ...(turned === 'none' ? [] : [turned]),
    ...([lossEvents, gradientEvents].some((events) => events.known && events.value.length > 0)
      ? ['unstable' as const]
      : []),
    ...(isImproving ? ['improving' as const] : []),
    ...(end.known && end.value.farTooLong ? ['far too long' as const] : isLevelEarly ? ['level' as const] : []),
    ...(end.known && end.value.bestLate && !isImproving && !isLevelEarly ? ['best late' as const] : []),
  ]
}
