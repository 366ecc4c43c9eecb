import { z } from 'zod'
import { DynotuneError, type ErrorCode } from '../../errors.ts'
import { SHARED, type TrialJob } from '../../runner/job.ts'
import { isSigned, sign } from '../../runner/signature.ts'
import { ENGINE_NAMES } from '../../study/engine.ts'
import { numbersFromText, toJson } from '../../study/json.ts'
import { isClassName } from '../../study/study.ts'

/*
 * What travels through Redis. Whoever reads checks all of it: another program may write there too.
 */

const DIGEST = z.string().regex(/^[0-9a-f]{64}$/)
const ID = z.string().regex(/^[A-Za-z0-9-]{1,200}$/)
const STUDY = z.string().regex(/^[0-9a-f]{16}$/)
const COUNT = z.int().nonnegative()
const CLASS_NAME = z.string().refine(isClassName)

const JOB = z.strictObject({
  /** Where it goes on from, if anywhere: its own checkpoint, or another trial's. */
  begins: z.enum(['own', 'inherited']).optional(),
  id: ID,
  fence: COUNT,
  phase: z.enum(['run', 'test']),
  trial: COUNT,
  attempt: COUNT,
  params: z.record(z.string(), z.unknown()),
  seed: z.number(),
  metric: z.string(),
  goal: z.enum(['minimize', 'maximize']),
  engine: z.enum([...ENGINE_NAMES, 'per trial']),
  limits: z.strictObject({
    time: z.number().optional(),
    memory: z.number().optional(),
    silence: z.number().optional(),
  }),
  alone: z.enum(SHARED).optional(),
  engineVersions: z.record(z.string(), z.string()).optional(),
  class: CLASS_NAME.optional(),
  gpuMemory: z.number().positive().optional(),
})

const PARCEL = z.strictObject({
  study: STUDY,
  /** SHA-256 of the bundle that the study is in. */
  bundle: DIGEST,
  jobs: z.array(JOB).min(1),
})

/** A job without what is a matter of the machine that it runs on: the files of its module and its checkpoints. */
export type WireJob = Omit<TrialJob, 'module' | 'checkpoint' | 'inherits'> & {
  readonly study: string
  readonly bundle: string
  readonly begins?: 'own' | 'inherited' | undefined
}

/** One or several jobs of a study, which a worker takes together. */
export interface WireParcel {
  readonly study: string
  readonly bundle: string
  readonly jobs: readonly Omit<WireJob, 'study' | 'bundle'>[]
}

/** A parcel as a BullMQ job carries it. */
export interface Envelope {
  readonly body: string
  /** HMAC of the body; empty without a secret. */
  readonly signature: string
}

/** So that nothing else that is signed with the same secret passes for a parcel. */
const DOMAIN = 'dynotune parcel\n'

const ENVELOPE = z.strictObject({ body: z.string(), signature: z.string() })

export function seal(parcel: WireParcel, secret: string | undefined): Envelope {
  const body = toJson(parcel)
  return { body, signature: secret === undefined ? '' : sign(secret, DOMAIN + body) }
}

/**
 * The jobs out of their envelope, all of them or none.
 * @param secret what it must be signed with; undefined takes unsigned ones as well
 * @throws DynotuneError `worker.refused`
 */
export function unseal(data: unknown, secret: string | undefined): readonly WireJob[] {
  const envelope = ENVELOPE.safeParse(data)
  if (!envelope.success) throw refused('is not one of Dynotune', 'see who else writes to this Redis')
  const { body, signature } = envelope.data
  if (secret !== undefined && !isSigned(secret, DOMAIN + body, signature))
    throw refused(
      signature === '' ? 'is not signed' : 'is signed with another secret, or was altered',
      'start the run and its workers with the same DYNOTUNE_SECRET',
    )
  const parcel = PARCEL.safeParse(parse(body))
  if (!parcel.success)
    throw refused(`is malformed: ${z.prettifyError(parcel.error)}`, 'see who else writes to this Redis')
  const { jobs, ...about } = parcel.data
  return jobs.map((job) => ({
    ...{ ...about, ...dropUndefined(job) },
    ...{ params: job.params as TrialJob['params'], limits: dropUndefined(job.limits) },
  }))
}

const FOUND = JOB.pick({ id: true, fence: true, phase: true, trial: true, attempt: true }).extend({
  parcel: ID,
  place: z.string(),
})

/** What is kept of a job on its way, for a scheduler that finds it: `parcel` is what it travels in, `place` where that waits. */
export type KeptJob = z.infer<typeof FOUND>

export function writeKept({ id, fence, phase, trial, attempt, parcel, place }: KeptJob): string {
  return JSON.stringify({ id, fence, phase, trial, attempt, parcel, place })
}

/** Undefined for what is not of ours. */
export function readKept(text: string): KeptJob | undefined {
  return FOUND.safeParse(parse(text)).data
}

const METRICS = z.record(z.string(), z.union([z.number(), z.string()])).transform(numbersFromText)
const REASON = z
  .object({
    code: z.string().regex(/^[a-z]+\.[a-z_]+$/),
    message: z.string(),
    remedy: z.string().optional(),
    stack: z.string().optional(),
  })
  .transform((reason) => ({ ...dropUndefined(reason), code: reason.code as ErrorCode }))
const OUTCOME = z.discriminatedUnion('type', [
  z.object({ type: z.literal('complete'), metrics: METRICS }),
  z.object({ type: z.literal('stopped'), metrics: METRICS }),
  z.object({ type: z.literal('infeasible'), reason: REASON }),
  z.object({ type: z.literal('failed'), reason: REASON }),
  z.object({ type: z.literal('lost'), reason: REASON }),
])
const EVENT = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    ...{ id: ID, fence: COUNT, trainer: COUNT, worker: z.string() },
    environment: z.record(z.string(), z.string()),
  }),
  z.object({
    type: z.literal('measured'),
    ...{ id: ID, fence: COUNT },
    measurements: z.array(z.object({ step: z.number(), time: z.number(), metrics: METRICS })).readonly(),
  }),
  z.object({
    type: z.literal('finished'),
    ...{ id: ID, fence: COUNT, outcome: OUTCOME, output: z.string() },
    /** How long it ran, by its worker's clock. */
    seconds: z.number().nonnegative(),
    /** Whether there is a checkpoint to fetch. */
    checkpoint: z.boolean(),
  }),
  z.object({ type: z.literal('broken'), reason: REASON }),
])

/** What a worker writes to the stream of a study. */
export type WireEvent = z.infer<typeof EVENT>

export function writeEvent(event: WireEvent): string {
  return toJson(event)
}

/** Undefined for what is not an event of ours. */
export function readEvent(text: string): WireEvent | undefined {
  return EVENT.safeParse(parse(text)).data
}

const WORKER = z.object({
  name: z.string(),
  version: z.string(),
  slots: COUNT,
  /** The parcels that it has, by id. */
  running: z.array(z.string()),
  /** The first is what it is for. */
  classes: z.array(z.string()).min(1),
  /** Slots that are empty now. */
  spare: COUNT,
  /** Studies whose trials it hands back, since its engines have other versions. */
  refuses: z.array(z.string()).default([]),
  /** Bytes of GPU memory for each slot. */
  gpuMemory: z.number().nonnegative().default(0),
  engine: z.string(),
  labels: z.record(z.string(), z.string()),
})

/** What a worker says of itself. */
export type WorkerRecord = z.infer<typeof WORKER>

export function readWorker(text: string): WorkerRecord | undefined {
  return WORKER.safeParse(parse(text)).data
}

const STUDY_RECORD = z.object({
  study: STUDY,
  name: z.string(),
  version: z.string(),
  class: z.string(),
  priority: z.int(),
  weight: z.number().positive(),
  /** The most slots that it can use now, none while it is paused; null for any number. */
  demand: COUNT.nullable(),
  /** Its jobs that wait or run. */
  jobs: COUNT,
  slots: COUNT,
  /** Slots that it could use now, by place; where it could use any number, one more than it has jobs. */
  needs: z.record(z.string(), COUNT).default({}),
})

/** What the scheduler of a study says of it. */
export type StudySaid = z.infer<typeof STUDY_RECORD>

export function readStudy(text: string): StudySaid | undefined {
  return STUDY_RECORD.safeParse(parse(text)).data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

function refused(why: string, remedy: string): DynotuneError {
  return new DynotuneError('worker.refused', `A job was refused: it ${why}.`, { remedy })
}
