import { deviceErrorOf } from '../engine/device-error.ts'
import { DynotuneError, type ErrorCode } from '../errors.ts'
import type { Metrics, Outcome, Reason } from '../study/trial.ts'
import { type Goal, isBetter } from '../study/view.ts'

/** What `run` returned, judged: a result, a divergence or a mistake. `best` is the best reported value of the metric. */
export function outcomeOf(returned: unknown, metric: string, best: number | undefined, stopped: boolean): Outcome {
  const metrics = metricsOf(returned, metric, best)
  const value = metrics[metric]
  if (value === undefined) {
    throw new DynotuneError('trial.no_value', `run returned no "${metric}", and reported none.`, {
      path: metric,
      value: returned,
      remedy: `return a number, or { ${metric}: … }, or report it while training`,
    })
  }
  if (!Number.isFinite(value)) {
    return { type: 'infeasible', reason: { code: 'trial.diverged', message: `Diverged: ${metric} is ${value}.` } }
  }
  return { type: stopped ? 'stopped' : 'complete', metrics }
}

function metricsOf(returned: unknown, metric: string, best: number | undefined): Metrics {
  if (returned === undefined || returned === null) return best === undefined ? {} : { [metric]: best }
  if (typeof returned === 'number') return { [metric]: returned }
  if (typeof returned === 'object' && !Array.isArray(returned)) return numbersOf(returned, 'run')
  throw new DynotuneError(
    'trial.not_a_number',
    'run returned something that is neither a number nor an object of numbers.',
    {
      path: metric,
      value: returned,
      remedy: `return a number, or { ${metric}: … }`,
    },
  )
}

/** The metrics that a function of the study returned, each of which must be a number. */
export function numbersOf(returned: object, by: 'run' | 'test'): Metrics {
  const metrics: Record<string, number> = {}
  for (const [name, value] of Object.entries(returned)) {
    if (typeof value !== 'number') {
      throw new DynotuneError('trial.not_a_number', `${by} returned a "${name}" that is not a number.`, {
        path: name,
        value,
        remedy: 'return numbers only',
      })
    }
    metrics[name] = value
  }
  return metrics
}

/** Keeps the best finite value; a value that is not finite stands until a finite one comes. */
export function betterOf(goal: Goal, best: number | undefined, value: number): number {
  if (best === undefined || !Number.isFinite(best)) return value
  return Number.isFinite(value) && isBetter(goal, value, best) ? value : best
}

const OF_DEVICE: readonly ErrorCode[] = ['engine.lost', 'engine.memory']

/**
 * What a thrown error makes of an attempt. A device that is gone, or has no memory left, ends the attempt and not the trial:
 * whoever else used the device may be the cause.
 */
export function outcomeOfError(error: unknown): Outcome {
  const reason = reasonOf(deviceErrorOf(error) ?? error)
  return { type: OF_DEVICE.includes(reason.code) ? 'lost' : 'failed', reason }
}

const SPOILING: readonly ErrorCode[] = ['engine.lost', 'engine.memory', 'engine.broken']

/** Whether an attempt has left its process with an engine that is not to be trusted with another. */
export function spoilsTrainer(outcome: Outcome): boolean {
  return 'reason' in outcome && SPOILING.includes(outcome.reason.code)
}

/** Anything thrown, as a reason that can be stored. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof DynotuneError) {
    const { cause } = error
    const where = error.path === undefined ? '' : ` At ${error.path}.`
    const got = error.value === undefined ? '' : ` Got ${shown(error.value)}.`
    const because = cause instanceof Error ? ` Because: ${cause.message}` : ''
    const stack = cause instanceof Error ? cause.stack : error.stack
    return {
      code: error.code,
      message: `${error.message}${where}${got}${because}`,
      ...(error.remedy !== undefined && { remedy: error.remedy }),
      ...(stack && { stack }),
    }
  }
  if (error instanceof Error)
    return {
      code: 'trial.threw',
      message: `${error.name}: ${error.message}`,
      ...(error.stack && { stack: error.stack }),
    }
  return { code: 'trial.threw', message: `Threw ${shown(error)}, which is not an Error.` }
}

/** A stored reason as an error again, to be the cause of another. */
export function errorOf({ message, stack }: Reason): Error {
  return Object.assign(new Error(message), { stack: stack ?? message })
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
