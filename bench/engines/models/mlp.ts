import { softmaxCrossEntropy } from '../../../src/train/tasks/classification.ts'
import { dense } from './dense.ts'
import { inTurn, type Model } from './model.ts'
import { integers, layer, normals } from './values.ts'

const WIDTHS = [784, 512, 512, 10] as const
const CLASSES = 10

/** A classifier of dense layers, 784-512-512-10, with ReLU between them. */
export const mlp: Model = {
  flops: 2 * (784 * 512 + 512 * 512 + 512 * CLASSES),
  dropouts: [],
  init: (random) => WIDTHS.slice(1).flatMap((width, i) => layer(random, [WIDTHS[i] ?? 0, width])),
  examples: (rows, random) => ({ inputs: normals([rows, 784], random), targets: integers([rows], CLASSES, random) }),
  loss(tf, params, { inputs, targets }) {
    const next = inTurn(params)
    let h = inputs
    for (let i = 1; i < WIDTHS.length; i++) h = dense(tf, i === 1 ? h : tf.relu(h), next)
    return softmaxCrossEntropy(tf, h.as2D(-1, CLASSES), targets.as1D())
  },
}
