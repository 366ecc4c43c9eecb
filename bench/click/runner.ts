import { join } from 'node:path'
import { execute } from '../../src/runner/execute.ts'
import type { TrialJob } from '../../src/runner/job.ts'
import type { Assignment } from '../../src/space/params.ts'
import type { Engine } from '../../src/study/engine.ts'
import type { Study } from '../../src/study/study.ts'
import type { Metrics, Outcome } from '../../src/study/trial.ts'
import type { RunTrial } from './choose.ts'

export interface Runner {
  /** Runs a trial. Default of what with: that of the study's grid. */
  run(number: number, params?: Assignment): Promise<RunTrial>
  /** Asks the study's `test` about a trial that was run. */
  test(trial: RunTrial): Promise<Metrics>
}

/**
 * Runs trials of a study as trainers do, with the same random streams, but in this process; and keeps all checkpoints, where
 * a run of the study keeps that of the best trial.
 * @param folder for checkpoints
 */
export function createRunner({ definition, space, ...study }: Study, engine: Engine, folder: string): Runner {
  const { seed, metric, goal } = definition
  const { signal } = new AbortController()

  function perform(phase: TrialJob['phase'], number: number, assignment: Assignment): Promise<Outcome> {
    const checkpoint = join(folder, `${number}.checkpoint`)
    const params = space.nest(assignment)
    const job = { id: String(number), fence: 0, attempt: 1, limits: {}, module: '', engine: engine.name } as const
    return execute(
      { ...job, phase, trial: number, params, seed, metric, goal, checkpoint },
      {
        study: { definition, space, ...study },
        ...{ engine, signal, environment: {}, send() {}, stopRequested: () => false },
      },
    )
  }

  return {
    async run(number, params = space.at(number)) {
      const before = process.cpuUsage()
      const outcome = await perform('run', number, params)
      const { user, system } = process.cpuUsage(before)
      const trial = { number, params, seconds: (user + system) / 1e6 }
      if ('metrics' in outcome) return { ...trial, metrics: outcome.metrics }
      if (outcome.type === 'infeasible') return trial
      throw new Error(outcome.reason.message)
    },
    async test({ number, params }) {
      const outcome = await perform('test', number, params)
      if ('metrics' in outcome) return outcome.metrics
      throw new Error(outcome.reason.message)
    },
  }
}
