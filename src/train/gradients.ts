import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { add, leaf, mul, type Operand } from '../engine/fusion/expression.ts'
import { realize, tensorsIn } from '../engine/fusion/realize.ts'
import type { Random } from '../numerics/random.ts'
import type { Tf } from '../study/engine.ts'
import { type Batch, sliceBatch } from './data/batch.ts'
import { forward, type Rows } from './models/forward.ts'
import type { Model } from './models/model.ts'
import { isTrained } from './parameter.ts'
import type { Task } from './tasks/task.ts'

/** A batch, and how its gradients are to be taken. */
export interface GradientBatch extends Batch {
  /** [rows] factors of the examples' losses. */
  readonly weights?: Tensor1D
  /** How many parts to take them of, one after the other, so that memory need not hold the activations of all. Default 1. */
  readonly parts?: number
  readonly watch?: GradientWatch
}

/** Who wants to see gradients. They are only there during the call; what is computed of them must be kept (`tf.keep`). */
export interface GradientWatch {
  /** The gradients of each part of a batch, with its rows; of the whole batch where it has no parts. */
  onPart?(gradients: readonly Tensor[], rows: number): void
  /** The gradients of the whole batch, after its parts. */
  onBatch?(gradients: readonly Tensor[], rows: number): void
}

export interface GradientOptions {
  /** What the model draws from while training. */
  readonly random?: Random
  /** Rows of tables, by the tables' names, that are differentiated in their place. */
  readonly rows?: ReadonlyMap<string, Rows>
}

/** All tensors belong to the caller. */
export type Gradients = {
  /** Scalar. */
  readonly loss: Tensor
  /** Of the trained parameters, in their order; of a table's rows where they stand in its place. */
  readonly gradients: Tensor[]
  /** What the step makes of statistics, by name. */
  readonly statistics: { readonly [name: string]: Tensor }
}

/**
 * The mean loss of a batch and its gradients. Taken in parts they are the same, but where a model looks across the rows of
 * a batch: batch norm then takes each part's mean and variance.
 */
export function gradientsOf(
  tf: Tf,
  model: Model,
  task: Task,
  params: readonly Tensor[],
  batch: GradientBatch,
  options: GradientOptions = {},
): Gradients {
  const { watch, parts = 1 } = batch
  const [rows = 0] = batch.labels.shape
  const ofPart: OfPart = (part, partOptions, size) => {
    const result = ofWhole(tf, model, task, params, part, partOptions)
    watch?.onPart?.(result.gradients, size)
    return result
  }
  const result = parts > 1 ? inParts(tf, task, batch, options, ofPart) : ofPart(batch, options, rows)
  watch?.onBatch?.(result.gradients, rows)
  return result
}

type OfPart = (part: GradientBatch, options: GradientOptions, rows: number) => Gradients

/** The sum over parts, each with its share of the whole. */
function inParts(tf: Tf, task: Task, batch: GradientBatch, options: GradientOptions, ofPart: OfPart): Gradients {
  const [rows = 0] = batch.labels.shape
  const parts = Math.min(batch.parts ?? 1, rows)
  const whole = task.divisor?.(tf, batch.labels)
  let sum: Gradients | undefined
  for (let part = 0; part < parts; part++) {
    const start = Math.floor((part * rows) / parts)
    const size = Math.floor(((part + 1) * rows) / parts) - start
    const next = tf.tidy(() => {
      const slice = sliceGradientBatch(tf, batch, start, size)
      const own = ofPart(slice, sliceRows(tf, options, start, size), size)
      const divisor = task.divisor?.(tf, slice.labels)
      const share = whole && divisor ? leaf(tf.div(divisor, tf.maximum(whole, 1))) : size / rows
      const result = addShare(tf, sum, own, share, size / rows)
      disposeGradients(tf, own)
      return result
    })
    if (sum) disposeGradients(tf, sum)
    sum = next
  }
  whole?.dispose()
  return sum ?? ofPart(batch, options, rows)
}

/** `sum` and a part: losses and gradients by its share of what the task divides by, statistics by its share of the rows. */
function addShare(tf: Tf, sum: Gradients | undefined, part: Gradients, share: Operand, ofRows: number): Gradients {
  const weigh = (value: Tensor, before: Tensor | undefined, factor: Operand) => {
    const weighed = mul(leaf(value), factor)
    return before ? add(leaf(before), weighed) : weighed
  }
  const names = Object.keys(part.statistics)
  const results = tensorsIn(
    realize(tf, [
      weigh(part.loss, sum?.loss, share),
      ...part.gradients.map((gradient, i) => weigh(gradient, sum?.gradients[i], share)),
      ...Object.entries(part.statistics).map(([name, value]) => weigh(value, sum?.statistics[name], ofRows)),
    ]),
  )
  const [loss = part.loss, ...rest] = results
  const statistics = rest.slice(part.gradients.length)
  return {
    loss,
    gradients: rest.slice(0, part.gradients.length),
    statistics: Object.fromEntries(names.flatMap((name, i) => (statistics[i] ? [[name, statistics[i]]] : []))),
  }
}

function sliceGradientBatch(tf: Tf, batch: GradientBatch, start: number, rows: number): GradientBatch {
  const slice = sliceBatch(tf, batch, start, rows)
  return batch.weights ? { ...slice, weights: tf.slice1d(batch.weights, start, rows) } : slice
}

function sliceRows(tf: Tf, { rows, ...options }: GradientOptions, start: number, count: number): GradientOptions {
  if (!rows) return options
  const slice = ({ values, places }: Rows): Rows => {
    const rest = places.shape.slice(1)
    return { values, places: tf.slice(places, [start, ...rest.map(() => 0)], [count, ...rest]) }
  }
  return { ...options, rows: new Map([...rows].map(([name, each]) => [name, slice(each)])) }
}

function disposeGradients(tf: Tf, { loss, gradients, statistics }: Gradients): void {
  tf.dispose([loss, gradients, statistics])
}

function ofWhole(
  tf: Tf,
  model: Model,
  task: Task,
  params: readonly Tensor[],
  { inputs, labels, weights }: GradientBatch,
  { random, rows = new Map() }: GradientOptions,
): Gradients {
  const trained = model.parameters.map(isTrained)
  const names = model.parameters.filter(isTrained).map(({ name }) => name)
  const statistics: Record<string, Tensor> = {}
  const onUpdate = (name: string, value: Tensor) => {
    statistics[name]?.dispose()
    statistics[name] = tf.keep(value.clone())
  }
  const { value, grads } = tf.valueAndGrads((...values) => {
    let next = 0
    const traced = new Map<string, Rows>()
    const all = params.map((tensor, i) => {
      const value = trained[i] ? (values[next++] ?? tensor) : tensor
      const { name = '' } = model.parameters[i] ?? {}
      const places = rows.get(name)?.places
      if (!places) return value
      traced.set(name, { values: value, places })
      return tensor
    })
    const options = { onUpdate, rows: traced, ...(random && { random }) }
    return task.loss(tf, model.apply(forward(tf, model, all, inputs, options), inputs), labels, weights)
  })(params.filter((_, i) => trained[i]).map((tensor, i) => rows.get(names[i] ?? '')?.values ?? tensor))
  return { loss: value, gradients: grads, statistics }
}
