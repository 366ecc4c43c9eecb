import type { Shared, TrialJob } from '../runner/job.ts'
import type { Resources } from '../study/resources.ts'
import type { Reason } from '../study/trial.ts'
import type { TrialView } from '../study/view.ts'

/** How attempts end for want of memory, and what they should then have to themselves. */
const CODES: readonly { readonly code: Reason['code']; readonly alone: Shared }[] = [
  { code: 'trial.out_of_memory', alone: 'machine' },
  { code: 'engine.memory', alone: 'device' },
]

/** What a job asks of whoever runs it. */
export type Demand = Pick<TrialJob, 'alone' | 'class' | 'gpuMemory'>

/**
 * What trials need. One for which memory did not suffice is tried again: alone, since what other trials took may be the cause,
 * then alone in each larger class that it names. If all that fails, it follows from the parameters.
 */
export interface Demands {
  /** @throws DynotuneError `study.invalid`, or what a function of the study throws */
  of(trial: TrialView): Demand
  /** Counts a lost attempt; the reason to end its trial for, where nothing is left to try. */
  lose(trial: TrialView, reason: Reason): Reason | undefined
}

export interface DemandOptions {
  /** Trials from this number on are new: no earlier run has tried them. */
  readonly known: number
  /** How many attempts of a trial the store has that were lost for a reason. */
  countLost(trial: number, code: Reason['code']): number
  /** What a trial asks for. Default: nothing, as where all run on this machine. */
  readonly resourcesOf?: ((trial: TrialView) => Resources) | undefined
}

export function createDemands({ known, countLost, resourcesOf = () => ({ classes: [] }) }: DemandOptions): Demands {
  /** For want of memory, by trial. */
  const losses = new Map<number, readonly Reason['code'][]>()

  function lossesOf(trial: number): readonly Reason['code'][] {
    const found = losses.get(trial)
    if (found || trial >= known) return found ?? []
    const stored = CODES.flatMap(({ code }) => Array<typeof code>(countLost(trial, code)).fill(code))
    losses.set(trial, stored)
    return stored
  }

  return {
    of(trial) {
      const { classes, gpuMemory } = resourcesOf(trial)
      const lost = lossesOf(trial.number)
      const alone = CODES.find(({ code }) => lost.includes(code))?.alone
      // The first again alone, then the larger ones.
      const resourceClass = classes[Math.min(Math.max(0, lost.length - 1), classes.length - 1)]
      return {
        ...(alone && { alone }),
        ...(resourceClass !== undefined && { class: resourceClass }),
        ...(gpuMemory !== undefined && { gpuMemory }),
      }
    },
    lose(trial, reason) {
      if (!CODES.some(({ code }) => code === reason.code)) return undefined
      const lost = [...lossesOf(trial.number), reason.code]
      losses.set(trial.number, lost)
      const { classes } = resourcesOf(trial)
      if (lost.length <= Math.max(1, classes.length)) return undefined
      const tried = ['alone', ...classes.slice(1).map((larger) => `in the class ${larger}`)]
      const message = `${reason.message} It was tried beside other trials and ${tried.join(' and ')}: there is not enough memory for it.`
      return { ...reason, message }
    },
  }
}
