import { dense } from './dense.ts'
import { inTurn, type Model } from './model.ts'
import { integers, layer, normals } from './values.ts'

const WIDTH = 256
const CROSSES = 3

/**
 * Deep & Cross Network V2 (Wang et al., WWW 2021, eq. 1) over 256 features: three cross layers x ← x₀ ⊙ (Wx + b) + x, then
 * 512-256-1 with ReLU between them, and the cross entropy of a sigmoid.
 */
export const dcn: Model = {
  flops: 2 * (CROSSES * WIDTH * WIDTH + WIDTH * 512 + 512 * 256 + 256),
  dropouts: [],
  init: (random) => [
    ...Array.from({ length: CROSSES }, () => layer(random, [WIDTH, WIDTH])).flat(),
    ...layer(random, [WIDTH, 512]),
    ...layer(random, [512, 256]),
    ...layer(random, [256, 1]),
  ],
  examples(rows, random) {
    const { shape, values } = integers([rows, 1], 2, random)
    return {
      inputs: normals([rows, WIDTH], random),
      targets: { shape, dtype: 'float32', values: Float32Array.from(values) },
    }
  },
  loss(tf, params, { inputs, targets }) {
    const next = inTurn(params)
    let x = inputs
    for (let i = 0; i < CROSSES; i++) x = tf.add(tf.mul(inputs, dense(tf, x, next)), x)
    const hidden = tf.relu(dense(tf, tf.relu(dense(tf, x, next)), next))
    const logits = dense(tf, hidden, next)
    return tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, targets)))
  },
}
