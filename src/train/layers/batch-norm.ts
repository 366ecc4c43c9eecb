import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { onesInit, zerosInit } from './initializers.ts'
import { normalize } from './normalize.ts'

export interface BatchNormConfig {
  /** Share of the running statistics that a step keeps. Default 0.9. */
  readonly momentum?: number
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
  /** Rows of a ghost batch, each of which is normalized by itself. Default: the whole batch at once. */
  readonly ghost?: number
}

/** `name/scale` and `name/offset` of each unit, and its running `name/mean` and `name/variance`. */
export function batchNormParameters(name: string, units: number): Parameter[] {
  const shape = [units]
  return [
    { name: `${name}/scale`, role: 'scale', shape, init: () => onesInit(shape) },
    { name: `${name}/offset`, role: 'scale', shape, init: () => zerosInit(shape) },
    { name: `${name}/mean`, role: 'statistic', shape, init: () => zerosInit(shape) },
    { name: `${name}/variance`, role: 'statistic', shape, init: () => onesInit(shape) },
  ]
}

/**
 * Each unit of [rows, ..., units] normalized by its mean and variance: while training those of the batch, at evaluation, and
 * where the statistics are frozen, the running ones. Ioffe and Szegedy, ICML 2015. The running variance is the mean of
 * unbiased ones (their algorithm 2). Agrees with `torch.nn.BatchNorm2d`, whose momentum is one minus this one.
 *
 * With `ghost`, each so many rows are normalized by themselves, whatever the size of the batch. Hoffer et al., NeurIPS 2017,
 * algorithm 1. Rows that are left over join the last ghost batch, so that none is small; its statistics are passed over.
 */
export function batchNorm(forward: Forward, name: string, x: Tensor, config: BatchNormConfig = {}): Tensor {
  const { tf, parameter, random, isFrozen, update } = forward
  const { momentum = 0.9, epsilon = 1e-5, ghost = Number.POSITIVE_INFINITY } = config
  const [scale, offset] = [parameter(`${name}/scale`), parameter(`${name}/offset`)]
  const [mean, variance] = [parameter(`${name}/mean`), parameter(`${name}/variance`)]
  const units = scale.size
  const flat = tf.reshape(x, [-1, units])
  if (!random || isFrozen(`${name}/mean`)) {
    const normalized = tf.batchNorm(flat, mean.as1D(), variance.as1D(), offset.as1D(), scale.as1D(), epsilon)
    return tf.reshape(normalized, x.shape)
  }

  function onMoments(n: number, means: Tensor, variances: Tensor): void {
    const next = (running: Tensor, values: Tensor, factor: number) => {
      const average = tf.mean(tf.reshape(values, [-1, units]), 0)
      return tf.add(tf.mul(running, momentum), tf.mul(average, (1 - momentum) * factor))
    }
    update(`${name}/mean`, next(mean, means, 1))
    update(`${name}/variance`, next(variance, variances, n / Math.max(1, n - 1)))
  }

  const [rows = 0] = x.shape
  const lines = x.size / units / rows
  const size = rows < 2 * ghost ? rows : ghost
  const last = rows % size === 0 ? 0 : size + (rows % size)
  const normalizeRows = (values: Tensor, rowsEach: number, gathers: boolean) => {
    const n = rowsEach * lines
    const grouped = rowsEach === rows ? values : tf.reshape(values, [-1, n, units])
    const options = { epsilon, ...(gathers && { onMoments: onMoments.bind(undefined, n) }) }
    return tf.reshape(normalize(tf, grouped, scale, offset, options), [-1, units])
  }
  if (last === 0) return tf.reshape(normalizeRows(flat, size, true), x.shape)
  const [even, rest] = tf.split(flat, [(rows - last) * lines, last * lines])
  return tf.reshape(
    tf.concat([normalizeRows(even ?? flat, size, true), normalizeRows(rest ?? flat, last, false)]),
    x.shape,
  )
}
