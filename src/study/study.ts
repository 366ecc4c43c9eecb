import { z } from 'zod'
import { DynotuneError } from '../errors.ts'
import { digestOf } from '../space/digest.ts'
import type { SpaceSpec } from '../space/domain.ts'
import type { Params } from '../space/params.ts'
import { createSpace, type Space } from '../space/space.ts'
import { ENGINE_NAMES, type EngineName, isEngineName } from './engine.ts'
import { parseBytes, parseSeconds } from './quantity.ts'
import type { Sampler } from './sampler.ts'
import type { Metrics, RunResult, Trial } from './trial.ts'
import type { Goal } from './view.ts'

export interface Budget {
  /** How many trials to finish, whatever their outcome. */
  readonly trials?: number
  /** After this long no new trial starts: seconds, or text such as `30m`. */
  readonly time?: number | string
}

/** What one attempt may use before its trainer is killed. */
export interface Limits {
  /** Longest run of one trial, in seconds or text such as `2h`; over it the trial is infeasible. Default: none. */
  readonly time?: number | string
  /** Resident memory of the trainer, in bytes or text such as `4GB`; over it the trial is infeasible. Default: none. */
  readonly memory?: number | string
  /** Longest time without `report` or `shouldStop`, in seconds or text; over it the trial is tried again. Default: none. */
  readonly silence?: number | string
}

export interface StudyConfig<S extends SpaceSpec> {
  /** Letters, digits, `-`, `_` and `.`: names the report folder too. */
  readonly name: string
  /** What the study is to find out, in a sentence; opens the report. */
  readonly question?: string
  readonly space: S
  /** The metric that decides, as `run` returns or reports it. */
  readonly metric: string
  readonly goal: Goal
  readonly budget: Budget
  /** How many trials run at once. Default: one for each processor core. */
  readonly parallel?: number
  /** Integer from 0. Default: 0. */
  readonly seed?: number
  /** A sampler or its name. Default: `halton`. */
  readonly sampler?: string | Sampler
  /**
   * What computes: a name, or a function that names one for each trial by its parameters, as `({ width }) => width < 64 ?
   * 'wasm' : 'auto'`. Default: `auto`, the fastest that this machine has. `--engine` on the command line overrides both.
   */
  readonly engine?: EngineName | NamesEngine<S>['engine']
  readonly limits?: Limits
  /** Trains and evaluates one assignment of parameters, in a trainer process. */
  run(trial: Trial<Params<S>>): RunResult | Promise<RunResult>
  /**
   * Called once, for the best trial, after all others: the one place that may read the test split. Has the best trial's
   * parameters and checkpoint.
   */
  test?(trial: Trial<Params<S>>): Metrics | Promise<Metrics>
}

/** A method, which any study is: a function type would keep a study of one space from being a `Study` of any. */
interface NamesEngine<S extends SpaceSpec> {
  engine(params: Params<S>): EngineName
}

/** What of a study is data: stored with it, and enough to show, export and report it without its source. */
export interface StudyDefinition {
  readonly name: string
  readonly question?: string
  readonly space: SpaceSpec
  readonly metric: string
  readonly goal: Goal
  readonly budget: { readonly trials?: number; readonly time?: number }
  readonly parallel?: number
  readonly seed: number
  readonly sampler: string
  /** `per trial`: the study has a function that names one. */
  readonly engine: EngineName | 'per trial'
  readonly limits: { readonly time?: number; readonly memory?: number; readonly silence?: number }
}

/** A validated study, as a study file exports it. */
export interface Study<S extends SpaceSpec = SpaceSpec> {
  readonly definition: StudyDefinition
  readonly space: Space
  /** The sampler where the author gave one of their own; else its name is in the definition. */
  readonly sampler?: Sampler
  /** Names the engine of a trial, where the definition says `per trial`. */
  readonly engine?: NamesEngine<S>['engine']
  readonly run: StudyConfig<S>['run']
  readonly test?: NonNullable<StudyConfig<S>['test']>
}

const amount = (parse: (input: number | string) => number | undefined, example: string) =>
  z.unknown().transform((input, context) => {
    const value = typeof input === 'number' || typeof input === 'string' ? parse(input) : undefined
    if (value === undefined)
      context.addIssue({ code: 'custom', message: `expected a positive amount, such as ${example}` })
    return value ?? 0
  })
const seconds = amount(parseSeconds, "90, '30s', '15m' or '2h'")
const bytes = amount(parseBytes, "'512MiB' or '4GB'")
const count = z.int().positive()

const schema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
      'expected letters, digits, "-", "_" and ".", beginning with a letter or digit',
    ),
  question: z.string().exactOptional(),
  space: z.unknown(),
  metric: z
    .string()
    .min(1)
    .refine((name) => name !== 'step' && name !== 'time', '"step" and "time" are taken'),
  goal: z.enum(['minimize', 'maximize']),
  budget: z
    .strictObject({ trials: count.exactOptional(), time: seconds.exactOptional() })
    .refine((budget) => budget.trials !== undefined || budget.time !== undefined, 'expected trials, time or both'),
  parallel: count.exactOptional(),
  seed: z.int().nonnegative().default(0),
  sampler: z
    .custom<string | Sampler>(
      (value) => typeof value === 'string' || isSampler(value),
      'expected the name of a sampler, or an object with name and suggest',
    )
    .default('halton'),
  engine: z
    .custom<EngineName | (() => EngineName)>(
      (value) => isEngineName(value) || isFunction(value),
      `expected one of ${ENGINE_NAMES.join(', ')}, or a function of the parameters`,
    )
    .default('auto'),
  limits: z
    .strictObject({ time: seconds.exactOptional(), memory: bytes.exactOptional(), silence: seconds.exactOptional() })
    .default({}),
  run: z.custom<() => unknown>(isFunction, 'expected a function of the trial'),
  test: z.custom<() => unknown>(isFunction, 'expected a function of the trial').exactOptional(),
})

/**
 * Of all that decides which parameters a trial number gets and how its value is judged. A stored study continues only
 * under the same digest; budget, engine, limits and parallelism may change from run to run.
 */
export function studyDigest({ space, metric, goal, seed, sampler }: StudyDefinition): string {
  return digestOf({ space, metric, goal, seed, sampler })
}

const BRAND = Symbol.for('dynotune.study')

/**
 * Declares a study; a study file exports it as its default.
 * @throws DynotuneError `study.invalid` or `space.*`, with the path to the field
 */
export function defineStudy<const S extends SpaceSpec>(config: StudyConfig<S>): Study<S> {
  const parsed = schema.safeParse(config)
  if (!parsed.success) throw invalid(config, parsed.error)
  const { sampler, engine, run: _run, test: _test, space: _space, ...rest } = parsed.data
  const space = createSpace(config.space)
  const definition: StudyDefinition = {
    ...rest,
    space: config.space,
    sampler: typeof sampler === 'string' ? sampler : sampler.name,
    engine: typeof engine === 'string' ? engine : 'per trial',
  }
  return Object.freeze({
    [BRAND]: true,
    definition,
    space,
    run: config.run,
    ...(config.test && { test: config.test }),
    ...(typeof sampler !== 'string' && { sampler }),
    ...(typeof config.engine === 'function' && { engine: config.engine }),
  })
}

/** Whether a value was made by `defineStudy`, of this copy of the package or another. */
export function isStudy(value: unknown): value is Study {
  return typeof value === 'object' && value !== null && BRAND in value
}

function invalid(config: unknown, error: z.ZodError): DynotuneError {
  const issue = error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    const path = ['study', ...issue.path, issue.keys[0]].join('.')
    return new DynotuneError('study.invalid', 'A study has no such field.', { path, remedy: 'check the spelling' })
  }
  const keys = issue?.path ?? []
  let value: unknown = config
  for (const key of keys) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return new DynotuneError('study.invalid', `The study is not valid: ${issue?.message ?? error.message}.`, {
    path: ['study', ...keys].join('.'),
    value,
  })
}

function isFunction(value: unknown): value is () => unknown {
  return typeof value === 'function'
}

function isSampler(value: unknown): value is Sampler {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'suggest' in value && isFunction(value.suggest)
  )
}
