import { z } from 'zod'
import type { Random } from '../numerics/random.ts'
import type { Assignment } from '../space/params.ts'
import { parseOptions } from '../study/options.ts'
import type { Sampler } from '../study/sampler.ts'
import { hasValue, isFinal, ranked, type StudyView, type TrialView } from '../study/view.ts'
import { drawDistinct, takenIn } from './distinct.ts'
import { explore } from './pbt/explore.ts'

const fields = z.object({
  /** How many trainings go on side by side. Default: 20, as in section 4 of the paper's smaller experiments. */
  population: z.int().min(2).default(20),
  /** The share of the population that is given up, and the share that takes its place. Default: 0.2, truncation selection. */
  quantile: z.number().positive().max(0.5).default(0.2),
  /** The chance that a parameter is drawn anew rather than perturbed. Default: 0.25. */
  resample: z.number().min(0).max(1).default(0.25),
  /** What numbers are multiplied by, one of these. Default: 0.8 and 1.2. */
  factors: z.array(z.number().positive()).min(1).default([0.8, 1.2]),
  /** Parameters that a trial hands on as they are, since its weights depend on them: layers and their widths. Default: none. */
  inherit: z.array(z.string()).default([]),
})

/** Neighbours that are tried before none of them counts as allowed. */
const ATTEMPTS = 64

export type PbtOptions = z.input<typeof fields>

/**
 * Population based training (Jaderberg et al. 2017, arXiv:1711.09846): trainings side by side, of which the worst are now and
 * then replaced by copies of the best that go on with perturbed parameters. A trial is one interval of one training: `run`
 * loads the checkpoint that it finds, trains on from there, saves and returns the metric. Trial n goes on with member
 * n mod population; the first of each member starts anew.
 * @throws DynotuneError `sampler.invalid`
 */
export function pbt(options: PbtOptions = {}): Sampler {
  const { population, quantile, resample, factors, inherit } = parseOptions('sampler', 'pbt', fields, options)
  const exploration = { resample, factors, isFree: (name: string) => !inherit.includes(name) }

  /** What becomes of the member whose turn it is: goes on, or copies one of the best. */
  function parentOf({ trials, goal }: StudyView, number: number, random: Random): Parent | undefined {
    const own = trials[number - population]
    if (number < population || !own) return undefined
    const generation = Math.floor(number / population)
    // What is lost or still runs cannot be gone on with, nor waited for: then one that has ended hands on what it has.
    const peers = trials.slice((generation - 1) * population, generation * population)
    const inOrder = ranked(peers.some(hasValue) ? peers : trials.slice(0, number), goal)
    const cut = Math.max(1, Math.round(quantile * inOrder.length))
    const isPoor = !hasValue(own) || inOrder.slice(-cut).some((trial) => trial.number === own.number)
    if (!isPoor || inOrder.length < 2) return hasValue(own) ? { trial: own, isCopy: false } : startOf(inOrder[0])
    return startOf(inOrder[random.int(cut)])
  }

  function suggestOne(view: StudyView, number: number, random: Random, draw: () => Assignment): Born {
    const parent = parentOf(view, number, random)
    if (!parent) return { params: draw() }
    const { params, number: from } = parent.trial
    const { allows = () => true } = view
    if (!parent.isCopy && allows(params)) return { params, parent: from }
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const explored = explore(view.space, params, exploration, random)
      if (allows(explored)) return { params: explored, parent: from }
    }
    return { params: draw() }
  }

  function born(view: StudyView, count: number, stream: (trial: number) => Random): Born[] {
    const taken = takenIn(view)
    return Array.from({ length: count }, (_, i) => {
      const number = view.trials.length + i
      const random = stream(number)
      return suggestOne(view, number, random, () =>
        drawDistinct(view, taken, () => view.space.sample(() => random.next())),
      )
    })
  }

  return {
    name: 'pbt',
    adaptive: true,
    suggest: (view, count, stream) => born(view, count, stream).map(({ params }) => params),
    parents: (view, count, stream) => born(view, count, stream).map(({ parent }) => parent),
    /** The last two generations: whatever comes next begins from one of them. */
    keeps: ({ trials }) =>
      trials.slice(-2 * population).flatMap((trial) => (!isFinal(trial.state) || hasValue(trial) ? trial.number : [])),
    explain({ trials }) {
      const copies = trials.filter(({ parent, number }) => parent !== undefined && parent !== number - population)
      return (
        `Population based training of ${Math.min(population, trials.length)} members came to interval ${Math.ceil(trials.length / population)} ` +
        `of their training; ${copies.length} of ${trials.length} trials went on from a copy of a better one.`
      )
    },
  }
}

interface Parent {
  readonly trial: TrialView
  /** A copy of another member explores; one that goes on keeps its parameters. */
  readonly isCopy: boolean
}

interface Born {
  readonly params: Assignment
  readonly parent?: number
}

function startOf(trial: TrialView | undefined): Parent | undefined {
  return trial && { trial, isCopy: true }
}
