import type { GradConfig } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { batchNormGradient } from './batch-norm.ts'
import { summedGradients } from './broadcast.ts'
import { einsumGradient } from './einsum.ts'
import { gatherNdGradient, scatterNdGradient } from './gather-nd.ts'
import { reluGradient } from './relu.ts'
import { reductionGradients, tileGradient } from './spread.ts'
import { topKGradient } from './top-k.ts'

/**
 * Adds the gradients that TensorFlow.js 4.22 lacks and mends those that are wrong or slow, for all engines at once. They are
 * made of operations that have gradients, so that higher derivatives go through them.
 */
export function registerGradients(tf: Tf): void {
  const gradients: GradConfig[] = [
    ...summedGradients(tf),
    batchNormGradient(tf),
    einsumGradient(tf),
    gatherNdGradient(tf),
    scatterNdGradient(tf),
    reluGradient(tf),
    ...reductionGradients(tf),
    tileGradient(tf),
    topKGradient(tf),
  ]
  for (const gradient of gradients) {
    if (tf.getGradient(gradient.kernelName)) tf.unregisterGradient(gradient.kernelName)
    tf.registerGradient(gradient)
  }
}
