import { FAMILIES } from './problems/families.ts'
import { MULTI_OBJECTIVE } from './problems/multi-objective.ts'
import { missingVolumeOf, regretOf, type Subject } from './subject.ts'

/** A part of the benchmark in which samplers are compared by what they find. */
export interface Plan {
  readonly name: string
  readonly title: string
  /** What the numbers are. */
  readonly about: string
  subjects(): readonly Subject[] | Promise<readonly Subject[]>
  readonly trials: number
  readonly pending: readonly number[]
  /** After how many trials the medians are shown and compared. */
  readonly at: readonly number[]
  /** Differences below are none. */
  readonly floor: number
  readonly seeds: number
  /** Ours that take part; of them the goals are about the first. */
  readonly samplers: readonly string[]
  /** Of the subjects, on how many the first is to be better than each of Optuna's. */
  readonly wins: number
  /** The most that its numbers may be of those of the best of Optuna's, on geometric average. */
  readonly ratio?: number
  /** Those of Optuna's that it is held against. Default: all. */
  readonly against?: readonly string[]
}

const OURS = ['auto', 'gaussianProcess', 'tpe', 'cmaEs', 'sobol', 'random']
const SEEDS = 11

export const PLANS: readonly Plan[] = [
  {
    name: 'public',
    title: 'Public problems',
    about: 'Median regret: how far the best value found is from the least that there is.',
    subjects: () => FAMILIES.public.map(regretOf),
    ...{ trials: 80, pending: [1, 4], at: [80], seeds: SEEDS, samplers: OURS },
    // The precision to which optimizers are commonly compared (COCO).
    ...{ floor: 1e-8, wins: 5, ratio: 0.5 },
  },
  {
    name: 'tuning',
    title: 'Problems like the tuning of training',
    about:
      'Median regret, as above; by what was measured where there is noise, counted without it. A peer called *worst* was told the worst value so far of trials that had none.',
    subjects: () => FAMILIES.tuning.map(regretOf),
    ...{ trials: 100, pending: [1], at: [20, 50, 100], seeds: SEEDS, samplers: OURS },
    // Of a loss of about one, a ten-thousandth.
    ...{ floor: 1e-4, wins: 6, ratio: 0.5 },
  },
  {
    name: 'hold-out',
    title: 'Problems that nothing was chosen by',
    about: 'Median regret on problems that no constant of a sampler was chosen by.',
    subjects: () => FAMILIES['hold-out'].map(regretOf),
    ...{ trials: 80, pending: [1], at: [80], seeds: SEEDS, samplers: OURS },
    ...{ floor: 1e-6, wins: 7, ratio: 0.5 },
  },
  {
    name: 'live',
    title: 'Live tuning',
    about:
      'Studies that train for every trial: the best validation loss so far (digits), what the best validation AUC so far misses of one (Adult); medians.',
    // Training is loaded where it is asked for only.
    subjects: async () => (await import('./live.ts')).liveSubjects(),
    // A run of one sampler trains for two minutes or so.
    ...{ trials: 20, pending: [1], at: [10, 20], seeds: 3, samplers: ['auto'], floor: 0, wins: 2 },
  },
  {
    name: 'objectives',
    title: 'Several objectives',
    about:
      'Median share of the best hypervolume that is missing, measured from a corner a tenth beyond the worst values that there are.',
    subjects: () => MULTI_OBJECTIVE.map(missingVolumeOf),
    ...{ trials: 500, pending: [1], at: [100, 500], seeds: SEEDS, samplers: ['auto', 'nsga2', 'random'], floor: 0 },
    ...{ wins: 4, against: ['nsga2', 'tpe'] },
  },
]
