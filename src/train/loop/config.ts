import { DynotuneError } from '../../errors.ts'
import type { Random } from '../../numerics/random.ts'
import type { Tf } from '../../study/engine.ts'
import type { Dataset } from '../data/dataset.ts'
import type { GradientBatch } from '../gradients.ts'
import type { Model } from '../models/model.ts'
import type { Transformation } from '../optimizers/transformation.ts'
import type { Probe } from '../probes/probe.ts'
import type { ReduceOnPlateau } from '../schedules/reduce-on-plateau.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { classification } from '../tasks/classification.ts'
import type { Task } from '../tasks/task.ts'
import { type Budget, nextBatchSize } from './budget.ts'
import type { Best } from './result.ts'
import type { Target } from './targets.ts'

/** At least one of `steps` and `examples` is needed: training ends where the first of them is used up. */
export interface TrainingConfig extends Budget {
  readonly data: { readonly train: Dataset; readonly validation: Dataset }
  readonly model: Model
  /** Default: classification. */
  readonly task?: Task
  readonly optimizer: Transformation
  /**
   * What every update is multiplied with, beside the schedules inside the optimizer. Default 1. Optimizers that average are
   * refused, since their averages would not follow; to one that computes weights anew, such as FTRL, give the schedule itself.
   */
  readonly schedule?: Schedule
  /** Multiplies every update too, and goes by what evaluations show. */
  readonly reduceOnPlateau?: ReduceOnPlateau
  /** The metric, as it is reported, that it observes. Default `validationLoss`. */
  readonly plateauMetric?: string
  /** Changes a batch on the device before it is trained on. Called in a tidy, with a stream of the step's own. */
  augment?(tf: Tf, batch: GradientBatch, random: Random): GradientBatch
  /** In how many parts to take the gradients of a batch, to save memory: micro-batches. Default 1. */
  readonly accumulate?: number
  /** Steps between evaluations; the last step is always evaluated. */
  readonly evaluateEvery: number
  readonly evaluateOn?: EvaluateOn
  /** Values of metrics to note the cost of reaching. */
  readonly targets?: readonly Target[]
  /** Whether to end when all targets are reached. Default false. */
  readonly stopAtTarget?: boolean
  /**
   * How many times the loss of the first step the mean training loss between two evaluations may be, before training counts
   * as diverged. Default 100: far more than training comes back from, and soon passed by what grows without bound.
   */
  readonly divergedAt?: number
  /** How many of the best evaluations to keep, with their weights. Default 1. */
  readonly keep?: number
  /**
   * Steps between saves of all that training goes on from, if the trial is tried again: bit for bit as without the
   * interruption. Training then has the trial's checkpoint to itself; the best weights are in it (`bestWeights`). Default:
   * nothing is saved.
   */
  readonly checkpointEvery?: number
  readonly probes?: readonly Probe[]
  /** Called after every evaluation that is the best so far: a place to save the weights where nothing else is saved. */
  onBest?(best: Best): void
}

export interface EvaluateOn {
  /** Rows of the validation set, drawn once: the same at every evaluation and in every trial. Default: all. */
  readonly rows?: number
  /** Whether to evaluate on the training set too (`trainSetLoss`), or how many rows of it, drawn likewise. Default false. */
  readonly train?: boolean | number
  /** Rows at once, to bound memory. Default 2048. */
  readonly batchSize?: number
}

/** The configuration with its defaults. */
export function withDefaults(config: TrainingConfig) {
  return {
    task: classification,
    accumulate: 1,
    evaluateOn: {},
    targets: [],
    stopAtTarget: false,
    plateauMetric: 'validationLoss',
    divergedAt: 100,
    keep: 1,
    probes: [],
    ...config,
  }
}

/** @throws DynotuneError `option.invalid`, with the path to the field */
export function checkConfig(config: TrainingConfig): void {
  const { steps, examples, evaluateEvery, accumulate, keep, checkpointEvery, evaluateOn = {} } = config
  const counts = { steps, examples, evaluateEvery, accumulate, keep, checkpointEvery }
  const train = typeof evaluateOn.train === 'number' ? evaluateOn.train : undefined
  for (const [path, value] of Object.entries({
    ...counts,
    'evaluateOn.rows': evaluateOn.rows,
    'evaluateOn.train': train,
    'evaluateOn.batchSize': evaluateOn.batchSize,
  })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0))
      throw invalid(path, value, `${path} is a whole number above 0.`)
  }
  if (steps === undefined && examples === undefined) throw invalid('steps', steps, 'Training needs to know its end.')
  if (nextBatchSize(config, { step: 0, examples: 0 }) === 0)
    throw invalid('examples', examples, 'The first batch is larger than the budget.')
  if (!((config.divergedAt ?? 2) > 1)) throw invalid('divergedAt', config.divergedAt, 'divergedAt is a number above 1.')
  const names = config.probes?.map(({ name }) => name) ?? []
  if (new Set(names).size < names.length) throw invalid('probes', names, 'There are two probes of one name.')
  if (config.optimizer.averaged && (config.schedule || config.reduceOnPlateau))
    throw new DynotuneError('option.invalid', 'Updates cannot be scaled after an optimizer has averaged them.', {
      path: config.schedule ? 'train.schedule' : 'train.reduceOnPlateau',
      remedy: 'give the optimizer a schedule as its learning rate',
    })
}

function invalid(path: string, value: unknown, message: string): DynotuneError {
  return new DynotuneError('option.invalid', message, {
    path: `train.${path}`,
    value,
    remedy: 'give train a budget of steps, examples or both, and whole numbers above 0',
  })
}
