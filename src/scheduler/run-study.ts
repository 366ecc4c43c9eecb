import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DynotuneError } from '../errors.ts'
import { createEmbeddedQueue } from '../queue/embedded.ts'
import type { TrialQueue } from '../queue/queue.ts'
import type { RedisQueueOptions } from '../queue/redis/options.ts'
import type { Bundle } from '../runner/bundle.ts'
import { sourceDigest } from '../runner/study-module.ts'
import type { Assignment } from '../space/params.ts'
import type { Store } from '../store/store.ts'
import { type StudyRecord, studyLabel } from '../study/record.ts'
import { type Resources, resourcesOf } from '../study/resources.ts'
import { type Study, type StudyDefinition, studyDigest } from '../study/study.ts'
import { earlierTrials } from './earlier.ts'
import type { Progress } from './progress.ts'
import { createScheduler, type RunSummary, type Scheduler } from './scheduler.ts'

export interface RunOptions {
  readonly study: Study
  /** The study file, as a file URL. */
  readonly module: string
  readonly store: Store
  /** The stored study to go on with. Default: the latest of the name, or a new one. */
  readonly record?: StudyRecord
  /** The file is this bundle, kept with the stored study, and not the study's source. */
  readonly bundle?: Bundle
  /** Replace what the study's file says. */
  readonly overrides?: Partial<
    Pick<StudyDefinition, 'budget' | 'parallel' | 'reproducible' | 'seed' | 'sampler' | 'pruner' | 'engine' | 'limits'>
  >
  /** Take the results of engines of other versions than the study began with, too. Default false. */
  readonly anyEngineVersion?: boolean
  /** Start a new study under the next number rather than continue the last. */
  readonly fresh?: boolean
  /** Which of the machine's GPUs to train on, counted from 0; trainers take them in turn. Default: the first. */
  readonly devices?: readonly number[]
  /** Where workers on other machines take trials from. Default: trainers of this process's own run them. */
  readonly redis?: Omit<
    RedisQueueOptions,
    'study' | 'name' | 'module' | 'bundle' | 'onBundle' | 'most' | 'wanted' | 'onLag'
  >
  /** Trials that a trainer runs before it is replaced by a fresh process. Default 1000, and not before it is a minute old. */
  readonly recycleAfter?: number
  onProgress?(progress: Progress): void
  /** Told of each event of a trainer how many ms after it was read it was committed and followed up. */
  onLag?(ms: number): void
}

/** A run that has its study and its lease, and is about to begin. */
export interface StudyRun {
  readonly record: StudyRecord
  readonly definition: StudyDefinition
  /** Trials that were final before this run. */
  readonly finishedBefore: number
  /** Whether the study file has changed since the study began; its parameters have not. */
  readonly sourceChanged: boolean
  readonly scheduler: Pick<Scheduler, 'trials' | 'finish' | 'stop'>
  run(): Promise<RunSummary>
}

/**
 * Finds or creates the stored study, takes its lease and prepares the scheduler, on the embedded queue or on Redis.
 * @throws DynotuneError `study.changed`, `study.locked`, `store.*`
 */
export function openRun(options: RunOptions): StudyRun {
  const { study, store, module, redis, overrides = {} } = options
  const definition: StudyDefinition = { ...study.definition, ...overrides }
  const source = options.record?.source ?? {
    path: relative(process.cwd(), fileURLToPath(module)),
    digest: sourceDigest(module),
  }
  const digest = studyDigest(definition)
  const earlier = options.fresh ? undefined : (options.record ?? store.findStudy(definition.name))
  // One that never got to a trial has nothing that would have to compare.
  if (earlier && earlier.digest !== digest && hasTrials(store, earlier)) throw changed(earlier, definition)
  const record = earlier ?? store.createStudy({ definition, digest, source })
  const lease = store.takeLease(record)
  try {
    store.updateDefinition(lease, definition, digest)
    let createQueue = embeddedQueue
    const scheduler = createScheduler({
      study,
      definition,
      record,
      module,
      store,
      lease,
      parallel: parallelOf(definition),
      anyEngineVersion: options.anyEngineVersion,
      ...(redis && { anotherPlace: true, resourcesOf: ({ params }) => asked(study, definition, redis, params) }),
      ...(definition.learnFrom && { earlier: earlierTrials(store, definition.learnFrom, study.space) }),
      openQueue: (wanted) =>
        createQueue(options, record, definition, wanted, (bundle) => store.keepBundle(lease, bundle)),
      onProgress: options.onProgress ?? (() => {}),
    })
    const { complete = 0, stopped = 0, infeasible = 0, failed = 0 } = store.countTrials(record)
    return {
      record: { ...record, definition, digest },
      definition,
      finishedBefore: complete + stopped + infeasible + failed,
      sourceChanged: earlier?.source !== undefined && earlier.source.digest !== source.digest,
      scheduler,
      async run() {
        try {
          if (options.redis) createQueue = await redisQueue(options.redis)
          return await scheduler.run()
        } finally {
          store.releaseLease(lease)
        }
      },
    }
  } catch (error) {
    store.releaseLease(lease)
    throw error
  }
}

type CreateQueue = (
  options: RunOptions,
  record: StudyRecord,
  definition: StudyDefinition,
  wanted: () => number,
  onBundle: (bundle: Bundle) => void,
) => TrialQueue

const embeddedQueue: CreateQueue = ({ module, devices, recycleAfter, onLag }, _record, definition) => {
  const { engine, limits } = definition
  return createEmbeddedQueue(
    {
      slots: parallelOf(definition),
      module,
      ...(engine !== 'per trial' && { engine }),
      ...(devices && { devices }),
      ...(recycleAfter !== undefined && { recycleAfter }),
      // V8 must not give up before the memory limit is seen.
      ...(limits.memory !== undefined && { heap: Math.ceil((limits.memory / 2 ** 20) * 1.5) }),
    },
    onLag,
  )
}

/** Loads what speaks to Redis, which a study on this machine need not wait for. */
async function redisQueue(redis: NonNullable<RunOptions['redis']>): Promise<CreateQueue> {
  const { createRedisQueue } = await import('../queue/redis/redis-queue.ts')
  return (
    { module, bundle, anyEngineVersion, onLag },
    record,
    { class: named, gpuMemory, parallel },
    wanted,
    onBundle,
  ) =>
    createRedisQueue({
      ...(named !== undefined && named !== 'per trial' && { resourceClass: [named].flat()[0] ?? named[0] }),
      ...(typeof gpuMemory === 'number' && { gpuMemory }),
      isPerTrial: gpuMemory === 'per trial' || (named === 'per trial' && redis.resourceClass === undefined),
      ...{ ...redis, module, study: record.identity, name: studyLabel(record), wanted, anyEngineVersion },
      ...{ bundle, onBundle },
      ...(onLag && { onLag }),
      ...(parallel !== undefined && { most: parallel }),
    })
}

/** What a trial asks for; the class that the run names holds for all. */
function asked(
  study: Study,
  definition: StudyDefinition,
  { resourceClass }: NonNullable<RunOptions['redis']>,
  params: Assignment,
): Resources {
  const resources = resourcesOf(study, definition, study.space.nest(params))
  return resourceClass === undefined ? resources : { ...resources, classes: [resourceClass] }
}

function parallelOf({ parallel = availableParallelism() }: StudyDefinition): number {
  return parallel
}

function hasTrials(store: Store, study: StudyRecord): boolean {
  return Object.keys(store.countTrials(study)).length > 0
}

function changed(earlier: StudyRecord, definition: StudyDefinition): DynotuneError {
  const fields = (['space', 'metric', 'goal', 'seed', 'sampler', 'objectives', 'bounds'] as const).filter(
    (field) => JSON.stringify(earlier.definition[field]) !== JSON.stringify(definition[field]),
  )
  return new DynotuneError(
    'study.changed',
    `The study "${earlier.name}" #${earlier.number} has trials under another ${fields.join(' and ')}, which would not compare.`,
    {
      path: fields.map((field) => `study.${field}`).join(', '),
      remedy: `--fresh starts "${earlier.name}" #${earlier.number + 1}; or undo the change to continue`,
    },
  )
}
