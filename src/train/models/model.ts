import type { Tensor } from '@tensorflow/tfjs-core'
import type { Random } from '../../numerics/random.ts'
import type { Tf } from '../../study/engine.ts'
import type { Parameter } from '../parameter.ts'

/** A batch as a model gets it: tensors by name, with the batch as first axis. */
export type Inputs = { readonly [name: string]: Tensor }

/** A model as a function of its parameters. */
export interface Model {
  readonly parameters: readonly Parameter[]
  /**
   * Outputs for a batch: logits [rows, classes] or [rows, 1], predictions, whatever the task's loss takes.
   * Models of this library name their inputs `features` (float32 [rows, …]), `categories` (int32 [rows, fields], ids that
   * are unique across fields) and `tokens` (int32 [rows, length]).
   */
  apply(forward: Forward, inputs: Inputs): Tensor
}

/** What a model is applied with. Layers take it as their first argument. */
export interface Forward {
  readonly tf: Tf
  /** The parameter of this name. Throws DynotuneError `model.invalid` where there is none. */
  parameter(name: string): Tensor
  /** Rows of an embedding table for the ids of its input: [...shape of the ids, width of the table]. */
  embedding(name: string): Tensor
  /** Given while training: what is random then, such as dropout, is drawn from it. Its absence means evaluation. */
  readonly random?: Random
  /** Whether the parameter of this name is frozen: a statistic is then used as it is, while training too. */
  isFrozen(name: string): boolean
  /** While training: the value of a statistic after this step. */
  update(name: string, value: Tensor): void
  /** Shows an activation to whoever probes; does nothing where nobody does. */
  observe(name: string, activation: Tensor): void
}
