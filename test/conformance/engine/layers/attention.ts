import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../../src/study/engine.ts'
import { floats } from '../draw.ts'
import { attend } from '../functions.ts'
import { layer } from '../layer-case.ts'

/** 0 where a step may look, -1e9 where it would look ahead. */
function causal(tf: Tf, time: number): Tensor {
  const ahead = Array.from({ length: time }, (_, i) => Array.from({ length: time }, (_, j) => (j > i ? -1e9 : 0)))
  return tf.tensor2d(ahead)
}

/** [batch, time, heads * width] to [batch, heads, time, width]. */
const heads = (tf: Tf, x: Tensor, count: number) => {
  const [batch = 0, time = 0, width = 0] = x.shape
  return tf.transpose(tf.reshape(x, [batch, time, count, width / count]), [0, 2, 1, 3])
}

const three = (...shape: readonly [number, number, number, number]) => ({
  q: floats(shape),
  k: floats(shape),
  v: floats(shape),
})

export const attention = [
  layer('attention of two heads', three(2, 2, 5, 3), (tf, { q, k, v }) => attend(tf, q, k, v)),
  layer('attention that does not look ahead', three(1, 3, 6, 4), (tf, { q, k, v }) =>
    attend(tf, q, k, v, causal(tf, 6)),
  ),
  layer(
    'attention to another sequence',
    { q: floats([2, 1, 3, 4]), k: floats([2, 1, 7, 4]), v: floats([2, 1, 7, 5]) },
    (tf, { q, k, v }) => attend(tf, q, k, v),
  ),
  layer(
    'self-attention from projections to output, with a residual',
    { x: floats([2, 4, 6]), query: floats([6, 6]), key: floats([6, 6]), value: floats([6, 6]), out: floats([6, 6]) },
    (tf, { x, query, key, value, out }) => {
      const rows = tf.reshape(x, [8, 6])
      const of = (kernel: Tensor) => heads(tf, tf.reshape(tf.matMul(rows, kernel), [2, 4, 6]), 3)
      const joined = tf.transpose(attend(tf, of(query), of(key), of(value)), [0, 2, 1, 3])
      return tf.add(x, tf.reshape(tf.matMul(tf.reshape(joined, [8, 6]), out), [2, 4, 6]))
    },
  ),
]
