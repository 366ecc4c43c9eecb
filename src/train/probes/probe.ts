import type { Tensor } from '@tensorflow/tfjs-core'
import type { Random } from '../../numerics/random.ts'
import type { Tf } from '../../study/engine.ts'
import type { Metrics } from '../../study/trial.ts'
import type { Dataset } from '../data/dataset.ts'
import type { GradientWatch } from '../gradients.ts'
import type { Model } from '../models/model.ts'
import type { Task } from '../tasks/task.ts'

/** Something to be measured while training, without changing it. */
export interface Probe {
  /** Each probe of a training has another name. */
  readonly name: string
  /** In how many parts it wants the gradients of a batch that it watches at least. Default 1. */
  readonly parts?: number
  /** It watches the gradients of one step in so many. Default 1: of all. */
  readonly every?: number
  /** @throws DynotuneError where it cannot measure this training */
  start(context: ProbeContext): RunningProbe
}

export interface ProbeContext {
  readonly tf: Tf
  readonly model: Model
  readonly task: Task
  /** The training set. */
  readonly data: Dataset
  /** The same for every trial, so that what is drawn of the data is too. */
  random(purpose: string): Random
}

/** Gradients are watched while training; the rest is asked of it at evaluations. */
export interface RunningProbe extends GradientWatch {
  /** The parameters before and after the last step before an evaluation. Both stay the caller's. */
  onUpdate?(before: readonly Tensor[], after: readonly Tensor[]): void
  /** Asks the device for what it has to say since the evaluation before. */
  measure(point: ProbePoint): Measured
  /** What it has gathered, as plain data. */
  save?(): Promise<unknown>
  /** Goes on from what `save` returned. */
  restore?(saved: unknown): void
  dispose?(): void
}

/** Where training stands at an evaluation. Sums are since training began. */
export interface ProbePoint {
  /** All parameters of the model as they are trained. */
  readonly params: readonly Tensor[]
  readonly examples: number
  /** Of training, without evaluations. */
  readonly seconds: number
  /** Of those, waiting for examples. */
  readonly stalled: number
}

/** Metrics on their way from the device. */
export interface Measured {
  /** Disposed when it has been read. */
  readonly tensor?: Tensor
  /** @param values of the tensor, row-major; empty without one */
  metrics(values: Float32Array): Metrics
}
