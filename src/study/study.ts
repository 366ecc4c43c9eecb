import { z } from 'zod'
import { DynotuneError } from '../errors.ts'
import { digestOf } from '../space/digest.ts'
import type { SpaceSpec } from '../space/domain.ts'
import type { Assignment, Params } from '../space/params.ts'
import { flattenPartial, type PartialParams } from '../space/partial.ts'
import { createSpace, type Space } from '../space/space.ts'
import { domainContains } from '../space/value.ts'
import { CRITICAL_BATCH_SIZE, type CriticalBatchSizeQuestion } from './critical-batch-size.ts'
import { ENGINE_NAMES, type EngineName, isEngineName } from './engine.ts'
import type { Pruner } from './pruner.ts'
import { parseBytes, parseSeconds } from './quantity.ts'
import type { Sampler } from './sampler.ts'
import type { Metrics, RunResult, Trial } from './trial.ts'
import type { Bound, Goal, Objective, StudyView } from './view.ts'

export interface Budget {
  /** How many trials to finish, whatever their outcome. */
  readonly trials?: number
  /** After this long no new trial starts: seconds, or text such as `30m`. */
  readonly time?: number | string
  /**
   * The study ends when a bound on what further trials can still gain falls below this: an amount of the metric, or
   * `noise`, the spread that the same parameters have from run to run as the model of the trials finds it. One goal only.
   */
  readonly gain?: number | 'noise'
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

/** Of a parameter in the question that a study asks. */
export type Role = 'scientific' | 'nuisance'

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
  /**
   * Which workers are to run the trials, where it is run over Redis: those of this resource class, or of several, each larger than
   * the one before, which a trial that runs out of memory goes through; or a function of a trial's parameters. Default: `default`.
   */
  readonly class?: string | readonly string[] | PerTrial<S>['class']
  /**
   * Memory of the GPU that a trial needs at least, where it is run over Redis: bytes, or text such as `40GB`, or a function of its
   * parameters, as `({ width }) => (width > 512 ? '40GB' : undefined)`. Default: any, or none.
   */
  readonly gpuMemory?: number | string | PerTrial<S>['gpuMemory']
  /**
   * Give the same trials however long each takes: a suggestion goes by the outcomes of all trials but the last `parallel` - 1,
   * so that a trainer may wait for a trial before its turn. Default false: it goes by all that is known. A pruner still decides
   * by what others have reported by then.
   */
  readonly reproducible?: boolean
  /**
   * What parameters are to the question. `scientific`: what it is about; the others are tuned anew for each of its values, each
   * getting the same number of trials. `nuisance`, the default: tuned away, so that values are compared fairly.
   */
  readonly roles?: { readonly [parameter: string]: Role }
  /**
   * In which part of its range a parameter is first looked for: `{ learningRate: [0.01, 0.3] }`. Widened, for each value of the
   * scientific ones, as long as the best lies at its end. Default: all of the range.
   */
  readonly startIn?: { readonly [parameter: string]: readonly [low: number, high: number] }
  /** Asks the report how large a batch pays off. */
  readonly criticalBatchSize?: CriticalBatchSizeQuestion
  /** Integer from 0. Default: 0. */
  readonly seed?: number
  /** A sampler or its name. Default: `auto`. */
  readonly sampler?: string | Sampler
  /** Ends trials early that are not worth their steps: a pruner or its name. Default: `none`. */
  readonly pruner?: string | Pruner
  /**
   * Parameters to try first, in this order: what you know to be good, or the default that the study must beat. Parameters
   * that an entry leaves out are drawn at random. An entry added later is tried next.
   */
  readonly enqueue?: readonly PartialParams<S>[]
  /** Further metrics to find the best trade-offs with, beside the study's own: `{ seconds: 'minimize' }`. */
  readonly objectives?: { readonly [metric: string]: Goal | Omit<Objective, 'metric'> }
  /** Limits on metrics: a trial beyond one counts as infeasible: `{ megabytes: { atMost: 20 } }`. */
  readonly bounds?: { readonly [metric: string]: Omit<Bound, 'metric'> }
  /** Earlier studies of the same store whose trials to learn from, as far as their spaces overlap. */
  readonly learnFrom?: string | readonly string[]
  /**
   * What computes: a name, or a function that names one for each trial by its parameters, as `({ width }) => width < 64 ?
   * 'wasm' : 'auto'`. Default: `auto`, the fastest that this machine has. `--engine` on the command line overrides both.
   */
  readonly engine?: EngineName | PerTrial<S>['engine']
  readonly limits?: Limits
  /** Trains and evaluates one assignment of parameters, in a trainer process. */
  run(trial: Trial<Params<S>>): RunResult | Promise<RunResult>
  /**
   * Called once, for the best trial, after all others: the one place that may read the test split. Has the best trial's
   * parameters and checkpoint.
   */
  test?(trial: Trial<Params<S>>): Metrics | Promise<Metrics>
  /** Whether parameters are worth a trial, by what you know before any: `({ heads, width }) => width % heads === 0`. */
  allows?(params: Params<S>): boolean
}

/** What a trial may ask for by its parameters. Methods: function types would keep a study of one space from being one of any. */
interface PerTrial<S extends SpaceSpec> {
  engine(params: Params<S>): EngineName
  class(params: Params<S>): string | readonly string[] | undefined
  gpuMemory(params: Params<S>): number | string | undefined
}

/** What of a study is data: stored with it, and enough to show, export and report it without its source. */
export interface StudyDefinition {
  readonly name: string
  readonly question?: string
  readonly space: SpaceSpec
  readonly metric: string
  readonly goal: Goal
  readonly budget: { readonly trials?: number; readonly time?: number; readonly gain?: number | 'noise' }
  readonly parallel?: number
  /** `per trial`, which is no name of a class: the study has a function that names one. */
  readonly class?: string | readonly string[]
  /** Bytes. */
  readonly gpuMemory?: number | 'per trial'
  readonly reproducible?: boolean
  readonly roles?: { readonly [parameter: string]: Role }
  readonly startIn?: { readonly [parameter: string]: readonly [low: number, high: number] }
  readonly criticalBatchSize?: CriticalBatchSizeQuestion
  readonly seed: number
  readonly sampler: string
  readonly pruner?: string
  /** The study's metric first; only where there are several. */
  readonly objectives?: readonly Objective[]
  readonly bounds?: readonly Bound[]
  readonly learnFrom?: readonly string[]
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
  /** The pruner where the author gave one of their own. */
  readonly pruner?: Pruner
  /** Parameters to try first, flat; what an entry leaves out is drawn. */
  readonly enqueued: readonly Assignment[]
  readonly allows?: (assignment: Assignment) => boolean
  /** Names the engine of a trial, where the definition says `per trial`. */
  readonly engine?: PerTrial<S>['engine']
  /** Likewise. */
  readonly class?: PerTrial<S>['class']
  readonly gpuMemory?: PerTrial<S>['gpuMemory']
  readonly run: StudyConfig<S>['run']
  readonly test?: NonNullable<StudyConfig<S>['test']>
}

const amount =
  (parse: (input: number | string) => number | undefined, example: string) =>
  (input: unknown, context: z.RefinementCtx): number => {
    const value = typeof input === 'number' || typeof input === 'string' ? parse(input) : undefined
    if (value === undefined)
      context.addIssue({ code: 'custom', message: `expected a positive amount, such as ${example}` })
    return value ?? 0
  }
const toBytes = amount(parseBytes, "'512MiB' or '4GB'")
const bytes = z.unknown().transform(toBytes)
const seconds = z.unknown().transform(amount(parseSeconds, "90, '30s', '15m' or '2h'"))
const count = z.int().positive()
const goal = z.enum(['minimize', 'maximize'])
const metricName = z
  .string()
  .min(1)
  .refine((name) => name !== 'step' && name !== 'time', '"step" and "time" are taken')
const objective = z.union([goal, z.strictObject({ goal, reference: z.number().exactOptional() })])
const bound = z
  .strictObject({ atMost: z.number().exactOptional(), atLeast: z.number().exactOptional() })
  .refine(({ atMost, atLeast }) => atMost !== undefined || atLeast !== undefined, 'expected atMost, atLeast or both')

const schema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
      'expected letters, digits, "-", "_" and ".", beginning with a letter or digit',
    ),
  question: z.string().exactOptional(),
  space: z.unknown(),
  metric: metricName,
  goal,
  budget: z
    .strictObject({
      trials: count.exactOptional(),
      time: seconds.exactOptional(),
      gain: z.union([z.literal('noise'), z.number().positive()]).exactOptional(),
    })
    .refine((budget) => budget.trials !== undefined || budget.time !== undefined, 'expected trials, time or both'),
  parallel: count.exactOptional(),
  class: z
    .custom<string | readonly string[] | (() => string)>(
      (value) => isFunction(value) || (isOneOrMore(value) && [value].flat().every(isClassName)),
      'expected up to 100 letters, digits, dots, dashes and underscores, several such, or a function of the parameters',
    )
    .exactOptional(),
  gpuMemory: z
    .unknown()
    .transform((input, context) => (isFunction(input) ? input : toBytes(input, context)))
    .exactOptional(),
  reproducible: z.boolean().exactOptional(),
  roles: z.record(z.string(), z.enum(['scientific', 'nuisance'])).exactOptional(),
  startIn: z
    .record(
      z.string(),
      z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, 'expected [low, high]'),
    )
    .exactOptional(),
  criticalBatchSize: CRITICAL_BATCH_SIZE.exactOptional(),
  seed: z.int().nonnegative().default(0),
  sampler: z
    .custom<string | Sampler>(
      (value) => typeof value === 'string' || isSampler(value),
      'expected the name of a sampler, or an object with name and suggest',
    )
    .default('auto'),
  pruner: z
    .custom<string | Pruner>(
      (value) => typeof value === 'string' || isPruner(value),
      'expected the name of a pruner, or an object with name and decide',
    )
    .exactOptional(),
  enqueue: z.array(z.record(z.string(), z.unknown())).exactOptional(),
  objectives: z.record(metricName, objective).exactOptional(),
  bounds: z.record(metricName, bound).exactOptional(),
  learnFrom: z.union([z.string(), z.array(z.string())]).exactOptional(),
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
  allows: z.custom<() => boolean>(isFunction, 'expected a function of the parameters').exactOptional(),
})

/**
 * Of all that decides which parameters a trial number gets and how its value is judged. A stored study continues only
 * under the same digest; budget, engine, limits and parallelism may change from run to run.
 */
export function studyDigest(definition: StudyDefinition): string {
  const { space, metric, goal, seed, sampler, objectives, bounds, roles, startIn } = definition
  return digestOf({ space, metric, goal, seed, sampler, objectives, bounds, roles, startIn })
}

const BRAND = Symbol.for('dynotune.study')

/**
 * Declares a study; a study file exports it as its default.
 * @throws DynotuneError `study.invalid` or `space.*`, with the path to the field
 */
export function defineStudy<const S extends SpaceSpec>(config: StudyConfig<S>): Study<S> {
  const parsed = schema.safeParse(config)
  if (!parsed.success) throw invalid(config, parsed.error)
  const { run, test, allows, enqueue = [] } = config
  const { name, question, metric, goal, budget, parallel, reproducible, seed, sampler, pruner, engine, limits } =
    parsed.data
  const { objectives, bounds, learnFrom, gpuMemory, ...asked } = parsed.data
  const space = createSpace(config.space)
  const definition: StudyDefinition = {
    name,
    ...(question !== undefined && { question }),
    space: config.space,
    metric,
    goal,
    budget,
    ...(parallel !== undefined && { parallel }),
    ...(asked.class !== undefined && { class: typeof asked.class === 'function' ? 'per trial' : asked.class }),
    ...(gpuMemory !== undefined && { gpuMemory: typeof gpuMemory === 'function' ? 'per trial' : gpuMemory }),
    ...(reproducible && { reproducible }),
    ...(parsed.data.roles && { roles: parsed.data.roles }),
    ...(parsed.data.startIn && { startIn: parsed.data.startIn }),
    ...(parsed.data.criticalBatchSize && { criticalBatchSize: parsed.data.criticalBatchSize }),
    seed,
    sampler: nameOf(sampler),
    ...(pruner !== undefined && { pruner: nameOf(pruner) }),
    ...(objectives && { objectives: [{ metric, goal }, ...Object.entries(objectives).map(namedObjective)] }),
    ...(bounds && { bounds: Object.entries(bounds).map(([metric, limits]) => ({ metric, ...limits })) }),
    ...(learnFrom !== undefined && { learnFrom: [learnFrom].flat() }),
    engine: typeof engine === 'string' ? engine : 'per trial',
    limits,
  }
  checkObjectives(definition)
  checkRoles(definition, space)
  return Object.freeze({
    [BRAND]: true,
    definition,
    space,
    run,
    ...(test && { test }),
    enqueued: enqueue.map((params, index) => flattenPartial(space, params, `study.enqueue.${index}`)),
    ...(allows && { allows: (assignment: Assignment) => allows(space.nest(assignment)) }),
    ...(typeof sampler !== 'string' && { sampler }),
    ...(typeof pruner === 'object' && { pruner }),
    ...(typeof config.engine === 'function' && { engine: config.engine }),
    ...(typeof config.class === 'function' && { class: config.class }),
    ...(typeof config.gpuMemory === 'function' && { gpuMemory: config.gpuMemory }),
  })
}

function nameOf(part: string | { readonly name: string }): string {
  return typeof part === 'string' ? part : part.name
}

function namedObjective([metric, given]: [string, Goal | Omit<Objective, 'metric'>]): Objective {
  return typeof given === 'string' ? { metric, goal: given } : { metric, ...given }
}

function checkObjectives({ metric, objectives = [], budget }: StudyDefinition): void {
  if (objectives.slice(1).some((other) => other.metric === metric)) {
    throw new DynotuneError('study.invalid', `The study's own metric "${metric}" is an objective already.`, {
      path: `study.objectives.${metric}`,
      remedy: 'list only further metrics',
    })
  }
  if (objectives.length > 0 && budget.gain !== undefined) {
    throw new DynotuneError('study.invalid', 'What further trials gain is bounded for one goal only.', {
      path: 'study.budget.gain',
      value: budget.gain,
      remedy: 'leave out gain, or the objectives',
    })
  }
}

/** @throws DynotuneError `study.roles` for a name that the space does not have, or a part that is not of its range */
function checkRoles({ roles = {}, startIn = {}, criticalBatchSize }: StudyDefinition, space: Space): void {
  for (const [field, names] of Object.entries({ roles, startIn }))
    for (const name of Object.keys(names))
      if (!space.parameter(name))
        throw new DynotuneError('study.roles', `The space has no parameter "${name}".`, {
          path: `study.${field}.${name}`,
          value: name,
          remedy: `name one of ${space.parameters.map(({ name }) => name).join(', ')}`,
        })
  if (criticalBatchSize) checkBatchSize(criticalBatchSize, space)
  for (const [name, ends] of Object.entries(startIn)) {
    const domain = space.parameter(name)?.domain
    const isRange = domain?.type === 'float' || domain?.type === 'int'
    if (isRange && ends.every((end) => domainContains(domain, end)) && !space.parameter(name)?.parent) continue
    throw new DynotuneError('study.roles', 'A search can only start in a part of the range of a number.', {
      path: `study.startIn.${name}`,
      value: ends,
      remedy: 'give two values of a parameter at the top of the space',
    })
  }
}

function checkBatchSize({ batchSize = 'batchSize', learningRate }: CriticalBatchSizeQuestion, space: Space): void {
  for (const [field, name] of Object.entries({ batchSize, learningRate })) {
    if (name === undefined || space.parameter(name)) continue
    throw new DynotuneError('study.roles', `The space has no parameter "${name}".`, {
      path: `study.criticalBatchSize.${field}`,
      value: name,
      remedy: 'name the parameter that it is',
    })
  }
}

/** What a definition's roles say to samplers. */
export function rolesOf({ roles = {}, startIn }: StudyDefinition): Pick<StudyView, 'scientific' | 'startIn'> {
  const scientific = Object.keys(roles).filter((name) => roles[name] === 'scientific')
  return { ...(scientific.length > 0 && { scientific }), ...(startIn && { startIn }) }
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

/** It becomes part of a key. */
export function isClassName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]{1,100}$/.test(value)
}

function isOneOrMore(value: unknown): boolean {
  return !Array.isArray(value) || value.length > 0
}

function isPruner(value: unknown): value is Pruner {
  return typeof value === 'object' && value !== null && 'name' in value && 'decide' in value && isFunction(value.decide)
}

function isSampler(value: unknown): value is Sampler {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'suggest' in value && isFunction(value.suggest)
  )
}
