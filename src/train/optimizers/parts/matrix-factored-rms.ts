import {
  add,
  compute,
  div,
  type Expression,
  fill,
  mul,
  sqrt,
  square,
  zerosLike,
} from '../../../engine/fusion/expression.ts'
import type { ParameterInfo } from '../../parameter.ts'
import type { Transformation } from '../transformation.ts'
import { checkCount, checkRange } from './check.ts'
import { movingAverage } from './moving-average.ts'
import { perParameter } from './per-parameter.ts'

export interface FactoredRmsConfig {
  /** c of the decay 1 - t^(-c) at step t, in (0, 1]. Default 0.8. */
  readonly decayExponent?: number
  /** Two axes at least so long are factored; of a table the rows count as long enough. Default 128. */
  readonly minimumSize?: number
  /** Added to squared gradients. Default 1e-30. */
  readonly epsilon?: number
}

type Squares = { readonly rows: Expression; readonly columns: Expression } | { readonly all: Expression }

/** u = g / √s, with s = r cᵀ / mean(r) from means of g² over columns and over rows: algorithm 4, lines 4 to 7. */
export function scaleByFactoredRms(config: FactoredRmsConfig = {}): Transformation {
  const { decayExponent = 0.8, minimumSize = 128, epsilon = 1e-30 } = config
  checkRange('adafactor.decayExponent', decayExponent, '(0, 1]')
  checkCount('adafactor.minimumSize', minimumSize)
  checkRange('adafactor.epsilon', epsilon, '(0, ∞)')
  return perParameter<Squares>({
    init(param) {
      const axes = factoredAxes(param, minimumSize)
      if (!axes) return { all: zerosLike(param.value) }
      const [row, column] = axes
      return { rows: fill(without(param.shape, column), 0), columns: fill(without(param.shape, row), 0) }
    },
    update(gradient, before, param, step) {
      const decay = 1 - step ** -decayExponent
      const axes = factoredAxes(param, minimumSize)
      const squares = square(gradient)
      if ('all' in before || !axes) {
        const past = 'all' in before ? before.all : zerosLike(gradient)
        const all = movingAverage(past, add(squares, epsilon), decay)
        return { update: div(gradient, sqrt(all)), state: { all } }
      }
      const [row, column] = axes
      const meanOver = (axis: number) =>
        compute(without(param.shape, axis), [squares], (tf, values) => tf.add(tf.mean(values, axis, true), epsilon))
      const rows = movingAverage(before.rows, meanOver(column), decay)
      const columns = movingAverage(before.columns, meanOver(row), decay)
      const inverseRoot = compute(param.shape, [rows, columns], (tf, r, c) =>
        tf.tidy(() => tf.mul(tf.rsqrt(tf.div(r, tf.mean(r, row, true))), tf.rsqrt(c))),
      )
      return { update: mul(gradient, inverseRoot), state: { rows, columns } }
    },
  })
}

/** The two longest axes, the longer one last; of a table, rows and columns whatever part of its rows there is. */
function factoredAxes({ role, shape }: ParameterInfo, minimumSize: number): readonly [number, number] | undefined {
  const lengths = shape.map((length, axis) => (role === 'embedding' && axis === 0 ? Number.POSITIVE_INFINITY : length))
  const [row, column] = lengths
    .map((_, axis) => axis)
    .toSorted((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0))
    .slice(-2)
  if (row === undefined || column === undefined) return undefined
  return (lengths[row] ?? 0) < minimumSize ? undefined : [row, column]
}

/** A shape with an axis of length 1. */
function without(shape: readonly number[], axis: number): number[] {
  return shape.with(axis, 1)
}
