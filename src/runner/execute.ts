import { existsSync, rmSync } from 'node:fs'
import { DynotuneError } from '../errors.ts'
import { createRandom, deriveSeed } from '../numerics/random.ts'
import type { AnyParams } from '../space/params.ts'
import type { Engine } from '../study/engine.ts'
import type { Environment } from '../study/record.ts'
import type { Study } from '../study/study.ts'
import type { Checkpoint, Outcome, Report, Trial } from '../study/trial.ts'
import { fileCheckpoint } from './checkpoint.ts'
import type { TrialJob } from './job.ts'
import { betterOf, numbersOf, outcomeOf, outcomeOfError } from './outcome.ts'
import type { FromTrainer } from './protocol.ts'

const ALIVE_EVERY_MS = 1000

export interface ExecuteContext {
  readonly study: Study
  readonly engine: Engine
  /** Where the attempt runs and on what; recorded with it. */
  readonly environment: Environment
  send(message: FromTrainer): void
  /** Whether the supervisor has asked this attempt to end early. */
  stopRequested(): boolean
  readonly signal: AbortSignal
}

/** Executes one attempt in this process. Never throws: whatever `run` does becomes an outcome. */
export async function execute(
  job: TrialJob,
  { study, engine, environment, send, stopRequested, signal }: ExecuteContext,
): Promise<Outcome> {
  const checkpoint = openCheckpoint(job)
  const began = performance.now()
  let aliveAt = began
  let best: number | undefined
  let stopSeen = false
  send({ type: 'started', environment })

  function shouldStop(): boolean {
    const now = performance.now()
    if (now - aliveAt >= ALIVE_EVERY_MS) {
      aliveAt = now
      send({ type: 'alive' })
    }
    stopSeen ||= stopRequested()
    return stopSeen
  }

  function report(report: Report): void {
    const { step, ...metrics } = checkReport(report)
    const value = metrics[job.metric]
    if (value !== undefined) best = betterOf(job.goal, best, value)
    aliveAt = performance.now()
    send({ type: 'measured', measurement: { step, time: (aliveAt - began) / 1000, metrics } })
  }

  const trial: Trial<AnyParams> = {
    number: job.trial,
    attempt: job.attempt,
    params: job.params,
    seed: deriveSeed(job.seed, job.trial, 'trial'),
    engine,
    signal,
    checkpoint,
    report,
    shouldStop,
    random: (purpose) => createRandom(job.seed, job.trial, `trial/${purpose}`),
  }

  const restoreExit = forbidExit()
  try {
    if (job.phase === 'test') return { type: 'complete', metrics: numbersOf((await study.test?.(trial)) ?? {}, 'test') }
    return outcomeOf(await study.run(trial), job.metric, best, stopSeen)
  } catch (error) {
    return outcomeOfError(error)
  } finally {
    restoreExit()
  }
}

/**
 * A first attempt starts from nothing, even if a file of an earlier study lies where its checkpoint will be, or from a copy
 * of the checkpoint that it inherits.
 */
function openCheckpoint({ attempt, phase, checkpoint, inherits }: TrialJob): Checkpoint {
  if (attempt === 1 && phase === 'run' && existsSync(checkpoint)) rmSync(checkpoint)
  const own = fileCheckpoint(checkpoint)
  const start = inherits !== undefined && !own.load() ? fileCheckpoint(inherits).load() : undefined
  if (start) own.save(start.step, start.state)
  return own
}

function checkReport(report: Report): Report {
  const remedy = 'report({ step: 100, loss: 0.3 })'
  if (!(Number.isInteger(report.step) && report.step >= 0)) {
    throw new DynotuneError('trial.report', 'A report needs a step: a whole number from 0.', {
      path: 'report.step',
      value: report.step,
      remedy,
    })
  }
  for (const [name, value] of Object.entries(report)) {
    if (typeof value !== 'number') {
      throw new DynotuneError('trial.report', `The reported "${name}" is not a number.`, {
        path: `report.${name}`,
        value,
        remedy,
      })
    }
  }
  return report
}

/** Ending the process from inside `run` would look like a crash and be tried again; as an error it names its line. */
function forbidExit(): () => void {
  const exit = process.exit
  process.exit = (code) => {
    throw new DynotuneError('trial.exited', `run called process.exit(${code ?? ''}).`, {
      remedy: 'return a value or throw an error',
    })
  }
  return () => {
    process.exit = exit
  }
}
