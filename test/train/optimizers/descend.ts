import type { Tensor } from '@tensorflow/tfjs-core'
import { tensorsIn } from '../../../src/engine/fusion/realize.ts'
import type { Tf } from '../../../src/study/engine.ts'
import {
  applyGradients,
  averagedParams,
  disposeReplaced,
  startOptimizer,
} from '../../../src/train/optimizers/apply-gradients.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'
import type { ParameterInfo, Role } from '../../../src/train/parameter.ts'

/** A parameter as rows of numbers, a row or a number. */
export type Values = number | readonly (number | readonly number[])[]

export interface Descent {
  /** The parameters after each step, each flat. */
  readonly path: number[][][]
  /** What is evaluated after each step. */
  readonly evaluated: number[][][]
  /** The tensors in the state after each step. */
  readonly states: number[][][]
}

/** Descends from some parameters and disposes everything, as a training loop does. */
export function descend(
  tf: Tf,
  optimizer: Transformation,
  start: readonly Values[],
  gradientsAt: (params: number[][], step: number) => readonly Values[],
  steps: number,
  roles?: readonly Role[],
): Descent {
  const tensors = start.map((values) => tensorOf(tf, values))
  const about: ParameterInfo[] = tensors.map(({ shape }, i) => ({
    name: `p${i}`,
    role: roles?.[i] ?? (shape.length < 2 ? 'bias' : 'kernel'),
    shape,
  }))
  let optimized = startOptimizer(tf, optimizer, tensors, about)
  const path: number[][][] = []
  const evaluated: number[][][] = []
  const states: number[][][] = []
  for (let step = 0; step < steps; step++) {
    const gradients = gradientsAt(numbersIn(optimized.params), step).map((values) => tensorOf(tf, values))
    const next = applyGradients(tf, optimizer, optimized, gradients)
    tf.dispose(gradients)
    disposeReplaced(optimized, next)
    optimized = next
    path.push(numbersIn(optimized.params))
    states.push(numbersIn(tensorsIn(optimized.state)))
    const averages = averagedParams(tf, optimizer, optimized)
    evaluated.push(numbersIn(averages))
    tf.dispose(averages)
  }
  disposeReplaced(optimized)
  return { path, evaluated, states }
}

export function numbersIn(tensors: readonly Tensor[]): number[][] {
  return tensors.map((tensor) => [...tensor.dataSync()])
}

export function tensorOf(tf: Tf, values: Values): Tensor {
  if (typeof values === 'number') return tf.scalar(values)
  const width = values.map((row) => (typeof row === 'number' ? [] : [row.length]))[0] ?? []
  return tf.tensor(values.flat(), [values.length, ...width])
}
