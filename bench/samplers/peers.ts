import { z } from 'zod'
import { openCache } from './cache.ts'
import type { Optuna, OptunaSampler } from './optuna.ts'
import { type Asker, type Run, type RunOptions, run } from './run.ts'
import type { Subject } from './subject.ts'

const cached: z.ZodType<Run> = z.object({ curve: z.array(z.number().nullable()), secondsPerSuggestion: z.number() })

/** A sampler of Optuna's, and what it is told of infeasible trials. */
export interface Peer {
  /** As tables call it. */
  readonly name: string
  readonly sampler: OptunaSampler
  /** That they failed, which its samplers pass over; or the worst value so far, lest they try the same again. */
  readonly infeasible: 'failed' | 'worst'
}

/** Optuna's samplers that make sense of a subject. */
export function peersFor({ space, infeasible, objectives }: Subject): Peer[] {
  if (objectives > 1) return (['random', 'nsga2', 'tpe'] as const).map(asItComes)
  const branches = Object.values(space).some(({ type }) => type === 'branch')
  const learning = ['tpe', ...(branches ? (['tpe-group'] as const) : []), 'gp'] as const
  const informed = (sampler: OptunaSampler): Peer => ({ name: `${sampler}, worst`, sampler, infeasible: 'worst' })
  return [
    ...(['random', 'qmc', 'cmaes'] as const).map(asItComes),
    ...learning.flatMap((sampler) => [asItComes(sampler), ...(infeasible ? [informed(sampler)] : [])]),
  ]
}

function asItComes(sampler: OptunaSampler): Peer {
  return { name: sampler, sampler, infeasible: 'failed' }
}

export interface PeerOptions extends RunOptions {
  readonly seeds: number
  /** Of the cache. */
  readonly folder: string
}

/** The runs of a peer by seed: those of the cache, and the others, which are kept there. */
export async function runsOfPeer(
  optuna: Optuna,
  { sampler, infeasible }: Peer,
  subject: Subject,
  { trials, seeds, pending, folder }: PeerOptions,
): Promise<Run[]> {
  const words = ['optuna', optuna.version, subject.name, subject.print, sampler, infeasible, trials, pending]
  const cache = openCache(folder, words, cached)
  const runs: Run[] = []
  for (let seed = 0; seed < seeds; seed++) {
    const known = cache.get(seed)
    if (known) {
      runs.push(known)
      continue
    }
    const asker = await optuna.start(sampler, subject, seed)
    const done = await run(infeasible === 'worst' ? tellingWorst(asker) : asker, subject.judge(seed), {
      trials,
      pending,
    })
    cache.set(seed, done)
    runs.push(done)
  }
  return runs
}

/** Tells the worst value so far of trials that have none. */
function tellingWorst(asker: Asker): Asker {
  let worst = Number.NaN
  return {
    ask: asker.ask,
    tell(trial, [value = Number.NaN]) {
      if (Number.isFinite(value) && !(value < worst)) worst = value
      return asker.tell(trial, [Number.isFinite(value) ? value : worst])
    },
  }
}
