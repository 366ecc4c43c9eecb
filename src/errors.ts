/**
 * Every code an error of Dynotune can carry. Codes are stable: scripts may match on them, messages may change.
 * The part before the dot names the room the error comes from.
 */
export type ErrorCode =
  | 'space.empty'
  | 'space.domain'
  | 'space.range'
  | 'space.log_range'
  | 'space.step'
  | 'space.choice'
  | 'space.name'
  | 'space.duplicate_name'
  | 'space.params'
  | 'space.infinite'
  | 'study.missing'
  | 'study.import'
  | 'study.no_default'
  | 'study.invalid'
  | 'study.changed'
  | 'study.roles'
  | 'study.unknown'
  | 'study.locked'
  | 'study.idle'
  | 'study.unknown_trial'
  | 'study.finished_trial'
  | 'study.bundle'
  | 'study.no_bundle'
  | 'option.unknown'
  | 'option.invalid'
  | 'sampler.unknown'
  | 'sampler.suggestion'
  | 'sampler.invalid'
  | 'sampler.constraints'
  | 'pruner.unknown'
  | 'pruner.invalid'
  | 'tuner.exhausted'
  | 'tuner.unknown_trial'
  | 'tuner.finished_trial'
  | 'tuner.value'
  | 'engine.unknown'
  | 'engine.missing'
  | 'engine.broken'
  | 'engine.device'
  | 'engine.install'
  | 'engine.version'
  | 'engine.lost'
  | 'engine.memory'
  | 'data.missing'
  | 'data.invalid'
  | 'model.invalid'
  | 'optimizer.invalid'
  | 'schedule.invalid'
  | 'trial.report'
  | 'trial.threw'
  | 'trial.no_value'
  | 'trial.not_a_number'
  | 'trial.diverged'
  | 'trial.bound'
  | 'trial.pruned'
  | 'trial.exited'
  | 'trial.timeout'
  | 'trial.silent'
  | 'trial.memory'
  | 'trial.out_of_memory'
  | 'trial.crashed'
  | 'trial.cancelled'
  | 'runner.start'
  | 'redis.url'
  | 'redis.connection'
  | 'redis.version'
  | 'redis.policy'
  | 'worker.refused'
  | 'worker.lost'
  | 'worker.drained'
  | 'worker.returned'
  | 'worker.bundle'
  | 'worker.secret'
  | 'queue.closed'
  | 'queue.duplicate'
  | 'store.newer'
  | 'store.corrupt'
  | 'store.locked'
  | 'store.full'
  | 'store.unwritable'
  | 'store.fenced'
  | 'store.lease_lost'
  | 'report.unwritable'
  | 'scheduler.all_failed'
  | 'internal'

export interface ErrorDetails {
  /** Where the offending field is, dotted: `space.optimizer.sgd.momentum`, `--trials`. */
  readonly path?: string
  /** The value that was refused. */
  readonly value?: unknown
  /** What the reader can do about it, as a sentence. */
  readonly remedy?: string
  readonly cause?: unknown
}

/** The one root of all errors that Dynotune raises on purpose. */
export class DynotuneError extends Error {
  override readonly name = 'DynotuneError'
  readonly code: ErrorCode
  readonly path: string | undefined
  readonly value: unknown
  readonly remedy: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.path = details.path
    this.value = details.value
    this.remedy = details.remedy
  }
}

/** Renders any thrown value for a terminal: message, then path, value and remedy on lines of their own. */
export function describeError(error: unknown): string {
  if (!(error instanceof DynotuneError)) return error instanceof Error ? (error.stack ?? error.message) : String(error)
  const lines = [`${error.message} [${error.code}]`]
  if (error.path !== undefined) lines.push(`  at:  ${error.path}`)
  if (error.value !== undefined) lines.push(`  got: ${shorten(render(error.value))}`)
  if (error.remedy !== undefined) lines.push(`  try: ${error.remedy}`)
  if (error.cause instanceof Error) lines.push(`  because: ${error.cause.stack ?? error.cause.message}`)
  return lines.join('\n')
}

function render(value: unknown): string {
  if (typeof value === 'function') return `a function${value.name ? ` named ${value.name}` : ''}`
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}

function shorten(text: string, limit = 200): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`
}
