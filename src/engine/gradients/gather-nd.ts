import type { GradConfig } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { required, upstreamOf } from './upstream.ts'

/** What was gathered several times collects several gradients: `scatterND` adds them up. */
export function gatherNdGradient(tf: Tf): GradConfig {
  return {
    kernelName: 'GatherNd',
    inputsToSave: ['params', 'indices'],
    gradFunc(dy, saved) {
      const [params, indices] = [required(saved[0]), required(saved[1])]
      return { params: () => tf.scatterND(indices, upstreamOf(dy), params.shape), indices: () => tf.zerosLike(indices) }
    },
  }
}

export function scatterNdGradient(tf: Tf): GradConfig {
  return {
    kernelName: 'ScatterNd',
    inputsToSave: ['indices'],
    gradFunc(dy, saved) {
      const indices = required(saved[0])
      return { updates: () => tf.gatherND(upstreamOf(dy), indices), indices: () => tf.zerosLike(indices) }
    },
  }
}
